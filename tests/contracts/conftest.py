"""The real neighbours, each in this process on a database of its own."""

from tests.cpd.conftest import cpd
from tests.kitemark.conftest import kitemark
from tests.register.conftest import register

__all__ = ["cpd", "kitemark", "register"]
