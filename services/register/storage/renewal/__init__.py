"""Renewals, reminders, restorations, deaths and names, as rows."""
