"""The real neighbours, each in this process on a database of its own."""

from tests.register.conftest import register

__all__ = ["register"]
