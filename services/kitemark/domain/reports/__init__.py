"""Reports: what is counted, and what may be shown of small counts."""
