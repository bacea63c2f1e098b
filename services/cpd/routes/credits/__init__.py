"""Modules, programmes and the credit bank over HTTP."""
