"""Finding people by what a stranger knows of them: the rules."""
