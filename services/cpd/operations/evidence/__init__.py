"""Files that show what an entry tells."""
