"""Counts for reports, each by one statement."""
