"""Which files show which entries."""
