"""The rights of a person over their record."""
