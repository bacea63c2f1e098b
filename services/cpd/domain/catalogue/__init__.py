"""The rules of the catalogue of CPD offers."""
