"""The career progression framework: roles, moves, pathways, and what is missing for a role."""
