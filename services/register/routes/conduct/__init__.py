"""Complaints, public decisions and alerts over HTTP."""
