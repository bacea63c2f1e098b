"""Reports as of any day, for each audience."""
