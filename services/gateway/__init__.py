"""The front door: who may come in, one graph over the services, the public pages."""
