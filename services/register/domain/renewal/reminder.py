"""Which reminder is due for which licences: by the days that the policy names, each once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.register.domain.policy import LicencePolicy


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A reminder that is due for licences that end between two days, both included."""

    days_before: int
    first: date
    last: date


def due(policy: LicencePolicy, *, today: date) -> Iterator[Due]:
    """Yield what is due today, so that each licence that can still be renewed has at most one.

    Where the job missed days, only the latest of the reminders that have become due is given.
    """
    later = -policy.grace_days - 1
    for days_before in sorted(() if policy.renewal is None else policy.renewal.reminders_days_before):
        if days_before > later:
            first, last = today + timedelta(days=later + 1), today + timedelta(days=days_before)
            yield Due(days_before=days_before, first=first, last=last)
            later = days_before
