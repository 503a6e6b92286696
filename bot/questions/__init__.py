"""Interview questions with key points that are fixed before anyone answers."""
