"""The catalogue of CPD offers as it is kept."""
