"""Changes ↔ lines of the journal."""
