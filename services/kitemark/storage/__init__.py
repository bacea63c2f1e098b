"""Rows to domain objects and back. Decides nothing, commits nothing."""
