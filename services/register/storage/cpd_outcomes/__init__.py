"""What was heard of CPD audits, and what was done about it."""
