"""Reports as of any day."""
