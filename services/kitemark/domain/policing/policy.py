"""The dated numbers of policing: how many awards are moderated, by when something is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicingPolicy:
    """One version of the terms. Days are calendar days.

    A body's awards of the ``period_days`` before are moderated: ``sample_share`` of them, and at least
    ``sample_least``. The list is frozen so many minutes before its seed, so that nobody waits for the seed.
    ``least_count`` is the smallest count that the public is shown, ``confidence`` that of each bound alone.
    """

    version: str
    effective_from: date
    sample_share: Decimal
    sample_least: int
    period_days: int
    freeze_minutes_before: int
    response_days: int
    acknowledge_days: int
    answer_days: int
    confidence: Decimal
    least_count: int
    reassessment_years: int

    def period_before(self, day: date) -> tuple[date, date]:
        """Return the first and the last day on which what is moderated was given."""
        return day - timedelta(days=self.period_days), day - timedelta(days=1)

    def sample_of(self, population: int) -> int:
        """Return how many of so many awards are moderated."""
        share = int((self.sample_share * population).to_integral_value(ROUND_CEILING))
        return min(population, max(self.sample_least, share))

    def reassessment_due(self, authorised_from: date) -> date:
        """Return by which day an authority is to be assessed anew; one of 29 February by 1 March."""
        year = authorised_from.year + self.reassessment_years
        try:
            return authorised_from.replace(year=year)
        except ValueError:  # 29 February of a year that has none
            return date(year, 3, 1)


def read_policy(entry: Mapping[str, Any]) -> PolicingPolicy:
    """Return the terms of an entry of the reference data."""
    whole = (
        "sample_least",
        "period_days",
        "freeze_minutes_before",
        "response_days",
        "acknowledge_days",
        "answer_days",
        "least_count",
        "reassessment_years",
    )
    return PolicingPolicy(
        version=entry["code"],
        effective_from=date.fromisoformat(entry["effective_from"]),
        sample_share=Decimal(entry["sample_share"]),
        confidence=Decimal(entry["confidence"]),
        **{name: int(entry[name]) for name in whole},
    )


def policy_on(policies: Sequence[PolicingPolicy], day: date) -> PolicingPolicy:
    """Return the terms in force on a day, or the first there are."""
    begun = [each for each in policies if each.effective_from <= day]
    return max(begun, key=lambda each: each.effective_from) if begun else policies[0]
