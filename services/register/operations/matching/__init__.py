"""Matching a caller's rows, putting possibles to a registrar, finding duplicates, merging and undoing."""
