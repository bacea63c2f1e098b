"""The rows of each area of the kite mark beside the core."""
