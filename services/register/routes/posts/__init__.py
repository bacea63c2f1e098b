"""Posts and organisations over HTTP."""
