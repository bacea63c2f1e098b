"""Disclosures, subject access exports and erasures over HTTP."""
