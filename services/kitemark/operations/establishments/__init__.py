"""Loading establishments, and looking them up."""
