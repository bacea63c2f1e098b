"""Finding people: tests."""
