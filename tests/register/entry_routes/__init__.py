"""The routes to entry beside a listed qualification, tested."""
