"""The rows of each area of CPD beside the core."""
