"""What must never break, whoever asks for what, in which order, at the same moment or through which fault."""
