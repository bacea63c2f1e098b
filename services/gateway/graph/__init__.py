"""The one graph over the services: its types, its guard, its execution."""
