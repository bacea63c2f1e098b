"""The real neighbours, each in this process on a database of its own."""

from tests.cpd.conftest import cpd
from tests.register.conftest import register

__all__ = ["cpd", "register"]
