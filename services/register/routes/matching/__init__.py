"""Matching and merging over HTTP."""
