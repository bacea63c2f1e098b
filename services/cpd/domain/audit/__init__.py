"""The rules of the audit by random sample: the draw, the sizes, the way of a case."""
