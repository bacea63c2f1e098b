"""Standing over time over HTTP."""
