"""The one command that runs everything on one machine."""
