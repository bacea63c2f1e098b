"""Showing who saw a record, exporting it, erasing it, forgetting what has outlived its class."""
