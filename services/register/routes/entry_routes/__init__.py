"""Routes to entry, standards suites and competence policies over HTTP."""
