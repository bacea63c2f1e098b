"""Evidence files: what may be kept and what is refused."""
