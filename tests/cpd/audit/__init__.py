"""The audit by random sample, from its announcement to what follows from it."""
