"""Finding people: what is done."""
