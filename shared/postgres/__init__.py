"""PostgreSQL from outside: the embedded server, databases and roles on any server, addresses."""
