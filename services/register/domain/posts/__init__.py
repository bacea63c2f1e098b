"""Posts: who works where, for whom, and who says so."""
