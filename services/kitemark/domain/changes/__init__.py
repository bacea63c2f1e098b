"""Which lines of the journal may change a mark."""
