"""The data that flows: frozen, checked, and free of the outside world."""
