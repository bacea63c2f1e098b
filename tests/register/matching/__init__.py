"""Matching, questions to a registrar, duplicates and merges."""
