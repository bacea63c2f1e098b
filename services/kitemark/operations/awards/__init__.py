"""Writing awards and authorities, and saying who holds the mark."""
