"""Posts and the organisations that employ, as they are stored."""
