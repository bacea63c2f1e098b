"""Alerts: what associations have to be told of a sanction on a member of theirs."""
