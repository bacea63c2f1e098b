"""What reports follow: the smallest count that the public sees, and which roles are advisers'."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.errors import NotFound


class NoReportPolicyInForce(NotFound):
    """No report policy was in force on that day yet, so nothing can be reported as of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportPolicy:
    """A version of the policy; counts from 1 to below ``smallest_shown`` are small."""

    version: str
    effective_from: date
    smallest_shown: int
    adviser_roles: frozenset[str]


def policy_on(entries: Iterable[Mapping[str, Any]], day: date) -> ReportPolicy:
    """Return the policy in force on a day, from the entries of the reference data."""
    known = [
        ReportPolicy(
            version=entry["code"],
            effective_from=date.fromisoformat(entry["effective_from"]),
            smallest_shown=entry["smallest_shown"],
            adviser_roles=frozenset(entry["adviser_roles"]),
        )
        for entry in entries
    ]
    begun = [each for each in known if each.effective_from <= day]
    if not begun:
        raise NoReportPolicyInForce
    return max(begun, key=lambda each: each.effective_from)
