"""The rules of CPD, tested without a database."""
