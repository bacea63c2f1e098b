"""The rules of complaints: who may move them, what a decision may be, what is published of it."""
