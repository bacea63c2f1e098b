"""Checks and receipts over HTTP."""
