"""A few stories over all services, as running processes."""
