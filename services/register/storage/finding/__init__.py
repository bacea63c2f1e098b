"""Finding people: tables and statements."""
