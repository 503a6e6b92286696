"""Training of the adapter with which the embedded language model judges key points."""
