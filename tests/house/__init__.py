"""The house itself: its tools, its server, its rules."""
