"""The kite mark over HTTP."""
