"""Awards and the mark."""
