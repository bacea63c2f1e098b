"""Checks that can be proved: what is kept of one, what its receipt says, and what has changed since."""
