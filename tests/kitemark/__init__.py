"""The kite mark as its callers see it."""
