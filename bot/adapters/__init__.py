"""The outside world behind the seams: databases, indexes, encoders and language models."""
