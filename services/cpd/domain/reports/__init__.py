"""Reports of what is done: what may be shown of small counts."""
