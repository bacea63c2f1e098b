"""How a row of the matrix is written: who may call a route, with what, and what everybody is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.callers import bearer
from tests.kitemark.make import PANEL, award_body
from tests.register.authorisation.callers import CALLERS as OF_REGISTER

CALLERS = OF_REGISTER | {
    "own body": award_body("body-1"),
    "other body": award_body("body-2"),
    "panel": PANEL,
    "CPD of an association": bearer("cpd:write", subject="icg-cpd", association="ICG"),
    "CPD of another association": bearer("cpd:write", subject="aceg-cpd", association="ACEG"),
}
EVERYONE = frozenset(CALLERS)

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
    """Tell the owner ``status``, the other body that there is no such thing."""
    return {"own body": status, "other body": 404, "award body": 404}
