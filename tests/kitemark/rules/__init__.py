"""The rules of the kite mark, without a database."""
