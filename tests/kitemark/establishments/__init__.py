"""Establishments: files as they are published, and what they say."""
