"""Following changes over HTTP."""
