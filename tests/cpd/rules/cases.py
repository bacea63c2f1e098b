"""Facts and policies for tests of the rules, made short."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from services.cpd.domain.counting import Activity
from services.cpd.domain.cycle import Membership, Move
from services.cpd.domain.policy import Evidence, MembershipLevel, Policy, parse_policy
from services.cpd.operations.reference import SHIPPED

POLICIES = [parse_policy(each["policy"]) for each in json.loads((SHIPPED / "policies.json").read_text())]
PROFESSIONAL = POLICIES[0]
ALL = frozenset(Evidence)


def day(text: str) -> date:
    """Read a day."""
    return date.fromisoformat(text)


def policy(**changes: Any) -> Policy:
    """Return the shipped policy for professionals with changes, under another version."""
    return parse_policy(PROFESSIONAL.as_dict() | {"version": "changed"} | changes)


def held(
    level: str = "professional", since: str = "2024-01-10", until: str | None = None, association: str = "ICG"
) -> Membership:
    """Return a membership."""
    return Membership(
        association=association,
        level=MembershipLevel(level),
        valid_from=day(since),
        valid_to=None if until is None else day(until),
    )


def entered(on: str = "2025-03-01") -> Move:
    """Return how somebody came onto the register."""
    return Move(moved_on=day(on), entered=True)


def done(
    on: str = "2026-04-01",
    hours: str = "25",
    *,
    id_: int = 1,
    kind: str = "formal",
    title: str | None = None,
    planned: bool = False,
    association: str = "ICG",
    lacking: Evidence | None = None,
    about: str = "",
) -> Activity:
    """Return an activity that shows all that counts unless something is lacking."""
    return Activity(
        entry_id=id_,
        association=association,
        title=title or f"Activity {id_}",
        kind=kind,
        done_on=day(on),
        hours=Decimal(hours),
        planned=planned,
        shows=ALL - {lacking} if lacking else ALL,
        about=frozenset(about.split()),
    )
