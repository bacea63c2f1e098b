"""What is published of a body: how far moderators agreed, what concerns came to, and how long that took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from services.kitemark.domain.policing.concern import Concern, ConcernOutcome
from shared.sampling import estimate
from shared.suppression import shown

# When a step was due to begin, when it was taken, and its last day where it has one.
Step = tuple[date | None, date | None, date | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """A moderation that was drawn: how many awards were given, drawn, and found to be which."""

    moderation: int
    year: int
    moderator: str
    population: int
    drawn: int
    agreed: int
    upheld: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """What the moderation of a year found; None is suppressed, or nothing is decided.

    ``least_rate`` and ``most_rate`` bound the share of all awards of the year with which a moderator would
    agree, each with the confidence of the terms by itself.
    """

    moderation: int
    year: int
    moderator: str
    population: int
    drawn: int
    agreed: int | None
    disagreed: int | None
    rate: float | None
    least_rate: float | None
    most_rate: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """How many days something took: in the middle, and at the longest; how often it took too long."""

    median: float | None
    longest: int | None
    late: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Concerns:
    """What the concerns came to that are closed; counts of None are suppressed."""

    closed: int | None
    by_outcome: dict[ConcernOutcome, int | None]
    to_acknowledge: Days
    to_answer: Days
    to_close: Days


def agreement(counted: Counted, *, confidence: Decimal, least: int) -> Agreement:
    """Return what a year's moderation says of all awards of it, exact for a sample without replacement."""
    agreed, disagreed = shown((counted.agreed, counted.upheld), least=least)
    decided = counted.agreed + counted.upheld
    rate = least_rate = most_rate = None
    if agreed is not None and decided:
        bounds = estimate(counted.population, decided=decided, failing=counted.upheld, confidence=confidence)
        rate = counted.agreed / decided
        least_rate = 1 - bounds.most_failing / counted.population
        most_rate = 1 - bounds.least_failing / counted.population
    return Agreement(
        moderation=counted.moderation,
        year=counted.year,
        moderator=counted.moderator,
        population=counted.population,
        drawn=counted.drawn,
        agreed=agreed,
        disagreed=disagreed,
        rate=rate,
        least_rate=least_rate,
        most_rate=most_rate,
    )


def concerns(closed: Sequence[Concern], *, least: int) -> Concerns:
    """Return what closed concerns came to; where there are few, not even how long they took."""
    counts = [sum(each.outcome is outcome for each in closed) for outcome in ConcernOutcome]
    line = shown((len(closed), *counts), least=least)
    few = 0 < len(closed) < least

    def days(steps: Sequence[Step]) -> Days:
        return Days(median=None, longest=None, late=None) if few else _days(steps, least=least)

    return Concerns(
        closed=None if few else len(closed),
        by_outcome=dict(zip(ConcernOutcome, line[1:], strict=True)),
        to_acknowledge=days([(e.raised_on, e.acknowledged_on, e.acknowledge_by) for e in closed]),
        to_answer=days([(e.acknowledged_on, e.answered_on, e.answer_by) for e in closed]),
        to_close=days([(e.raised_on, e.closed_on, None) for e in closed]),
    )


def _days(steps: Sequence[Step], *, least: int) -> Days:
    """Return how long a step took where it was taken, and how often it came after its last day."""
    taken = [((end - begin).days, by is not None and end > by) for begin, end, by in steps if begin and end]
    (late,) = shown((sum(late for _, late in taken),), least=least)
    if not taken:
        return Days(median=None, longest=None, late=late)
    lengths = [days for days, _ in taken]
    return Days(median=float(median(lengths)), longest=max(lengths), late=late)
