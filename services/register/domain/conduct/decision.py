"""What a panel may decide, and what a decision has to say.

The outcomes are the words common to the procedures of other professions; no source states those of this one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.register.domain.sanction import SanctionKind
from shared.errors import Unprocessable


class ReasonsMissing(Unprocessable):
    """Say in sentences for what reasons this is done."""


class PublicSummaryMissing(Unprocessable):
    """A decision that upholds a complaint needs a summary that the public may read."""


class SanctionDaysNotExpected(Unprocessable):
    """Only conditions and a suspension can be imposed for a number of days."""


class ReviewDayNotExpected(Unprocessable):
    """A day of review lies in the future, and belongs to conditions or a suspension."""


class ComplaintOutcome(StrEnum):
    """What a panel decides, mildest first; without action the complaint is not upheld."""

    NO_ACTION = "no_action"
    ADVICE = "advice"
    WARNING = "warning"
    CONDITIONS = "conditions"
    SUSPENSION = "suspension"
    REMOVAL = "removal"


class AppealOutcome(StrEnum):
    """What an appeal panel decides."""

    DISMISSED = "dismissed"
    ALLOWED = "allowed"


SANCTION_OF: Mapping[ComplaintOutcome, SanctionKind] = MappingProxyType(
    {
        ComplaintOutcome.CONDITIONS: SanctionKind.CONDITIONS,
        ComplaintOutcome.SUSPENSION: SanctionKind.SUSPENSION,
        ComplaintOutcome.REMOVAL: SanctionKind.REMOVAL,
    }
)
_FOR_DAYS = frozenset({ComplaintOutcome.CONDITIONS, ComplaintOutcome.SUSPENSION})


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A panel's decision: ``reasons`` are internal, ``public_summary`` and ``conditions`` are public.

    What it imposes holds for ``sanction_days``, or until it is lifted.
    """

    outcome: ComplaintOutcome
    reasons: str
    public_summary: str
    conditions: str | None = None
    sanction_days: int | None = None
    review_on: date | None = None

    def last_day(self, first: date) -> date | None:
        """Return the last day of what is imposed from ``first`` on."""
        return None if self.sanction_days is None else first + timedelta(days=self.sanction_days - 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class AppealRuling:
    """What an appeal panel decided, and which of its members took part."""

    outcome: AppealOutcome
    reasons: str
    members: tuple[str, ...]


def checked(decision: Decision, *, today: date) -> Decision:
    """Return the decision, or refuse one that says too little or what does not belong together."""
    if not decision.reasons.strip():
        raise ReasonsMissing
    if decision.outcome is not ComplaintOutcome.NO_ACTION and not decision.public_summary.strip():
        raise PublicSummaryMissing
    if decision.sanction_days is not None and decision.outcome not in _FOR_DAYS:
        raise SanctionDaysNotExpected
    if decision.review_on is not None and (decision.outcome not in _FOR_DAYS or decision.review_on <= today):
        raise ReviewDayNotExpected
    return decision
