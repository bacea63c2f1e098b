"""Calls to the neighbours of the register."""
