"""Establishments over HTTP."""
