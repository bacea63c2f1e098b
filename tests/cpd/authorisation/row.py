"""How a row of the matrix is written: who may call a route, with what, and what everybody is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.cpd.make import cpd_system
from tests.register.authorisation.callers import CALLERS as OF_REGISTER

CALLERS = OF_REGISTER | {
    "own association": cpd_system("ICG"),
    "other association": cpd_system("ACEG"),
    "association without cpd": OF_REGISTER["own association"],
}
EVERYONE = frozenset(CALLERS)
ASSOCIATIONS = {"own association": 200, "other association": 200}

World = dict[str, Any]
"""What there is, by the name that a row gives it."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One route: who is told what, all others 401 or 403; where it is called, and with which body.

    A body of bytes is sent as it is, any other as JSON.
    """

    told: Mapping[str, int]
    place: Callable[[World], str] | None = None
    body: Callable[[World], Any] = lambda _: None
    headers: Mapping[str, str] = field(default_factory=dict)


def own(status: int) -> dict[str, int]:
    """Tell the owner ``status``, the other association that there is no such thing."""
    return {"own association": status, "other association": 404}
