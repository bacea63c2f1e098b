"""CPD over HTTP."""
