"""What is kept of callers: clients, revocations, used assertions, and the file of signing keys."""
