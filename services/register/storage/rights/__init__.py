"""Disclosures, erasures, attempts to join, and the rules for showing, erasing and forgetting records."""
