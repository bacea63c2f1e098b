"""Checks that can be proved, over the real register."""
