"""Reports of the scale and nature of CPD."""
