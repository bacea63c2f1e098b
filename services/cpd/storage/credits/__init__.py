"""Modules, programmes, the credit bank and what hangs on it, as rows."""
