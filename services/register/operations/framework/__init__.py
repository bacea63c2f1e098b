"""The career progression framework read, and a person compared with a role of it."""
