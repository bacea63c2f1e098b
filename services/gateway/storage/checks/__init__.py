"""Checks and the public keys of receipts ↔ rows."""
