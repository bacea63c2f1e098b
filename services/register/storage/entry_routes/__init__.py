"""Routes to entry and standards suites as they are stored."""
