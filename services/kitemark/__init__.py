"""The kite mark: local quality awards, the schools that hold them, the providers that are accredited."""
