"""Complaints, decisions and alerts."""
