"""Finding people over HTTP."""
