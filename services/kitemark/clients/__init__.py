"""Calls to the neighbours, and the shapes read back: one file per neighbour."""
