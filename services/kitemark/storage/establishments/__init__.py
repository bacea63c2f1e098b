"""Establishments and their links ↔ rows."""
