"""Reports: what may be shown of small counts."""
