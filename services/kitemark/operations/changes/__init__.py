"""Following changes."""
