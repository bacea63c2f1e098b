"""Following changes of marks."""
