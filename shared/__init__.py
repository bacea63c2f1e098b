"""Mechanism that every service uses and that knows nothing of careers guidance."""
