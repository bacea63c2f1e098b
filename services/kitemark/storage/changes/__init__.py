"""Lines of the journal, read for who follows changes."""
