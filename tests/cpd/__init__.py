"""CPD: its rules, its routes, its races."""
