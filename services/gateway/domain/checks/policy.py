"""For what somebody may be checked, and when the person is told of it: dated data with a version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.errors import Unprocessable


class PurposeOfCheckNotKnown(Unprocessable):
    """A check states what it is for, as one of: {purposes}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckPurpose:
    """A purpose, in words, and for how many days its checks are not shown to the person."""

    code: str
    title: str
    told_after_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckPolicy:
    """A version of the purposes, the day from which it holds, and where it comes from."""

    version: str
    effective_from: date
    source: str
    purposes: tuple[CheckPurpose, ...]

    def purpose(self, code: str) -> CheckPurpose:
        """Return the purpose of this code; raises PurposeOfCheckNotKnown."""
        for each in self.purposes:
            if each.code == code:
                return each
        raise PurposeOfCheckNotKnown(purposes=", ".join(each.code for each in self.purposes))


def in_force(policies: Sequence[CheckPolicy], *, day: date) -> CheckPolicy:
    """Return the newest policy that has come into force by ``day``, or the first there is."""
    begun = [policy for policy in policies if policy.effective_from <= day]
    return max(begun, key=lambda each: each.effective_from) if begun else policies[0]


def told_from(purpose: CheckPurpose, *, made_at: datetime) -> datetime:
    """Return the instant from which the person is told of a check for this purpose."""
    return made_at + timedelta(days=purpose.told_after_days)
