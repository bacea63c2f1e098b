"""Standings as they are asked for and as they are answered."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.cpd.domain.counting import Valued, Worth, shown_to
from services.cpd.domain.standing import SENTENCES, Account, Part, Word
from services.cpd.operations.standings import SeenStanding, View
from services.cpd.routes.axes import Instant
from services.cpd.routes.fields import Body, Day, Line
from shared.errors import Refusal

MOST_NUMBERS = 10_000


class CycleOut(BaseModel):
    """A year of CPD, both days included. After `due_on` it is short where something is missing."""

    first: date
    last: date
    due_on: date


class HoursOut(BaseModel):
    """Hours that are asked, that count, and that are missing; null where no number is asked.

    Of those that count `carried` were done in the year before, beyond what it asked.
    """

    required: float | None
    counted: float
    carried: float
    missing: float | None


class OutcomesOut(BaseModel):
    """Counted entries that state a learning outcome: how many are asked, how many there are."""

    required: int
    counted: int
    missing: int


class ThemesOut(BaseModel):
    """Standards and specialisms that the year asks for, and those that no counted entry is about yet."""

    required: list[str]
    missing: list[str]


class ValuedOut(BaseModel):
    """What one entry counts for, and why. Of another association's entry nothing else is told."""

    id: int | None
    association: str | None
    done_on: date | None
    hours: float
    counted: float
    reasons: list[Worth]

    @classmethod
    def of(cls, valued: Valued, *, in_full: bool) -> "ValuedOut":
        """Return the entry as far as the reader may see it."""
        activity = valued.activity
        return cls(
            id=activity.entry_id if in_full else None,
            association=activity.association if in_full else None,
            done_on=activity.done_on if in_full else None,
            hours=float(activity.hours),
            counted=float(valued.counted),
            reasons=list(valued.reasons),
        )


class PartOut(BaseModel):
    """Where somebody stands in one association; null where the caller sees no more than the word."""

    association: str
    standing: Word
    reason: str
    policy_version: str | None
    cycle: CycleOut | None
    days_left: int | None
    hours: HoursOut | None
    outcomes: OutcomesOut | None
    themes: ThemesOut | None
    declared: bool | None
    entries: list[ValuedOut] | None

    @classmethod
    def of(cls, part: Part, seen: SeenStanding) -> "PartOut":
        """Return the part as it is shown."""
        account = part.account if seen.view >= View.ACCOUNT else None
        return cls(
            association=part.association,
            standing=part.word,
            reason=part.reason,
            policy_version=part.policy.version if part.policy else None,
            cycle=_cycle(account),
            days_left=part.days_left,
            hours=_hours(account),
            outcomes=_outcomes(account),
            themes=_themes(account),
            declared=account.declared if account else None,
            entries=_entries(account, seen),
        )


class StandingOut(BaseModel):
    """Where somebody stands on a day: the worst of the parts, each part, and what the answer rests on.

    `number` is the one that is kept where the one asked was merged. `register_position` says how far the
    register had been heard.
    """

    number: str
    standing: Word
    sentence: str
    policy_version: str | None
    days_left: int | None
    valid_at: date
    known_at: datetime
    register_position: int
    parts: list[PartOut]

    @classmethod
    def of(cls, seen: SeenStanding) -> "StandingOut":
        """Return the standing as it is shown."""
        deciding = seen.standing.deciding
        return cls(
            number=seen.number,
            standing=seen.standing.word,
            sentence=SENTENCES[seen.standing.word],
            policy_version=deciding.policy.version if deciding and deciding.policy else None,
            days_left=deciding.days_left if deciding else None,
            valid_at=seen.valid_at,
            known_at=seen.known_at,
            register_position=seen.register_position,
            parts=[PartOut.of(part, seen) for part in seen.standing.parts] if seen.view > View.WORD else [],
        )


class StandingPage(BaseModel):
    """Some standings, and the cursor of the next page."""

    items: list[StandingOut]
    next: str | None


class StandingBatchIn(Body):
    """Numbers to be told about, as of a day and as known at an instant; today and now where none is said."""

    numbers: Annotated[list[Line], Field(min_length=1, max_length=MOST_NUMBERS)]
    valid_at: Day | None = None
    known_at: Instant | None = None


class StandingProblem(BaseModel):
    """Why a number has no standing."""

    status: int
    code: str
    detail: str


class StandingItemOut(BaseModel):
    """What one number came to; either a standing or a problem."""

    number: str
    standing: Word | None
    policy_version: str | None
    days_left: int | None
    hours: HoursOut | None
    problem: StandingProblem | None

    @classmethod
    def of(cls, asked: str, outcome: SeenStanding | Refusal) -> "StandingItemOut":
        """Return the outcome as it is shown, under the number as it was asked."""
        if isinstance(outcome, Refusal):
            problem = StandingProblem(status=outcome.status, code=outcome.code, detail=outcome.detail)
            return cls(
                number=asked, standing=None, policy_version=None, days_left=None, hours=None, problem=problem
            )
        deciding = outcome.standing.deciding
        sees_hours = deciding is not None and outcome.view >= View.ACCOUNT
        return cls(
            number=asked,
            standing=outcome.standing.word,
            policy_version=deciding.policy.version if deciding and deciding.policy else None,
            days_left=deciding.days_left if deciding else None,
            hours=_hours(deciding.account) if deciding and sees_hours else None,
            problem=None,
        )


class StandingBatchOut(BaseModel):
    """One outcome for each number asked, in order."""

    items: list[StandingItemOut]


def _cycle(account: Account | None) -> CycleOut | None:
    if account is None:
        return None
    return CycleOut(first=account.cycle.first, last=account.cycle.last, due_on=account.due_on)


def _hours(account: Account | None) -> HoursOut | None:
    if account is None:
        return None
    required, missing = account.duty.hours, account.missing_hours
    return HoursOut(
        required=None if required is None else float(required),
        counted=float(account.tally.hours),
        carried=float(account.tally.carried),
        missing=None if missing is None else float(missing),
    )


def _outcomes(account: Account | None) -> OutcomesOut | None:
    if account is None:
        return None
    return OutcomesOut(
        required=account.duty.outcomes, counted=account.tally.outcomes, missing=account.missing_outcomes
    )


def _themes(account: Account | None) -> ThemesOut | None:
    if account is None:
        return None
    return ThemesOut(required=sorted(account.duty.themes), missing=sorted(account.missing_themes))


def _entries(account: Account | None, seen: SeenStanding) -> list[ValuedOut] | None:
    if account is None or seen.view < View.ENTRIES:
        return None
    return [
        ValuedOut.of(each, in_full=in_full) for each, in_full in shown_to(account.tally.entries, seen.own)
    ]
