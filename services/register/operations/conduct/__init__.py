"""What people do with a complaint, from its receipt to the end of its publication."""
