"""Changes over HTTP."""
