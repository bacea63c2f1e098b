"""Where complaints, their decisions and the alerts to associations are kept."""
