"""How a row of the matrix is written: who may call a route, with what, and what everybody is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.register.authorisation.callers import EVERYONE
from tests.register.authorisation.world import MISSING, World

ASSOCIATIONS = frozenset({"own association", "other association"})
REGISTRAR = frozenset({"registrar"})

Body = Callable[[World], Any]


def nothing(_: World) -> None:
    """Send no body."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One route.

    ``told`` gives the status for each kind of caller that passes the guard; all others are told 401 without
    a token and 403 with one. ``missing`` is the same call on something that does not exist.
    """

    told: Mapping[str, int]
    place: Callable[[World], str] | None = None
    missing: str | None = None
    body: Body = nothing
    missing_body: Body | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)


def all_of(callers: frozenset[str], status: int) -> dict[str, int]:
    """Tell the same to all these callers."""
    return dict.fromkeys(callers, status)


def public() -> Row:
    """Declare a list that anyone may read."""
    return Row(told=all_of(EVERYONE, 200))


def own(status: int, *, registrar: int | None = None) -> dict[str, int]:
    """Tell the owner ``status``, the other association that there is no such thing."""
    told = {"own association": status, "other association": 404}
    return told if registrar is None else {**told, "registrar": registrar}


def reason(_: World) -> dict[str, str]:
    """Give a reason and nothing else."""
    return {"reason": "It was asked for."}


def at(template: str, name: str) -> dict[str, Any]:
    """Place a route on the world's thing called ``name``, and on one that does not exist."""
    return {
        "place": lambda world: template.format(world[name]),
        "missing": template.format(MISSING),
    }


def member(template: str) -> dict[str, Any]:
    """Place a route on the first association's member 1, and on one that does not exist."""
    return {"place": lambda _: template.format("1"), "missing": template.format("nobody")}


def of_member(member_id: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Send a body on a member of the caller's own, and on one that does not exist."""
    return {
        "body": lambda _: {"member_id": member_id, **content},
        "missing_body": lambda _: {"member_id": "nobody", **content},
    }
