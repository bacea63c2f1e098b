"""Whether a row that a caller holds is somebody whom the register knows, and who may be one person."""
