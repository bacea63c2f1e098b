"""How many to draw, and what a sample says of everybody: exact, by the hypergeometric distribution.

A sample is drawn without replacement from a population that is known, so nothing has to be approximated.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from math import exp, floor, fsum, lgamma, log

from shared.errors import Unprocessable

# The logarithms of two equal probabilities differ by rounding; this is far more than that.
_ROUNDING = 1e-9


class OneWayToSetTheSize(Unprocessable):
    """The size of a stratum is set by a rate, by a number, or by risk, and by one of them only."""


class Advice(StrEnum):
    """What to do with a sample whose cases are decided as far as they are."""

    WAIT = "wait"
    STOP = "stop"
    EXPAND = "expand"
    EXCEEDED = "exceeded"


@dataclass(frozen=True, kw_only=True, slots=True)
class SizeRule:
    """How the size of a stratum is set: by rate, by number, or by the rate of failure to be noticed.

    By risk the sample is the smallest in which, with this confidence, at least one failure is found where the
    tolerable rate of the population fails.
    """

    rate: Decimal | None = None
    size: int | None = None
    tolerable_rate: Decimal | None = None
    confidence: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse a rule that says two things, or nothing."""
        by_risk = self.tolerable_rate is not None and self.confidence is not None
        half = (self.tolerable_rate is None) is not (self.confidence is None)
        if half or [self.rate is not None, self.size is not None, by_risk].count(True) != 1:
            raise OneWayToSetTheSize

    def of(self, population: int) -> int:
        """Return the size for a population, never more than it."""
        if self.rate is not None:
            return int((self.rate * population).to_integral_value(ROUND_CEILING))
        if self.size is not None:
            return min(self.size, population)
        assert self.tolerable_rate is not None and self.confidence is not None  # noqa: S101, PT018
        return size_by_risk(population, tolerable_rate=self.tolerable_rate, confidence=self.confidence)


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """What a sample says of its population, each bound with the confidence by itself."""

    population: int
    decided: int
    failing: int
    least_failing: int
    most_failing: int

    @property
    def least_meeting_rate(self) -> float | None:
        """The share of the population that meets what is asked at least, None where there is nobody."""
        return None if not self.population else 1 - self.most_failing / self.population


def size_by_risk(population: int, *, tolerable_rate: Decimal, confidence: Decimal) -> int:
    """Return the smallest sample that, with this confidence, shows a failure if the tolerable rate fails."""
    if population == 0:
        return 0
    failing = max(1, int((tolerable_rate * population).to_integral_value(ROUND_CEILING)))
    least, most = 1, population
    bound = log(1 - confidence) + _ROUNDING
    while least < most:
        middle = (least + most) // 2
        if _log_chance(population, failing, middle, 0) <= bound:
            most = middle
        else:
            least = middle + 1
    return least


def estimate(population: int, *, decided: int, failing: int, confidence: Decimal) -> Estimate:
    """Return how many of a population fail at least and at most, from those decided so far."""
    return Estimate(
        population=population,
        decided=decided,
        failing=failing,
        least_failing=_least(population, decided, failing, confidence),
        most_failing=_most(population, decided, failing, confidence),
    )


def advice(found: Estimate, *, open_cases: int, tolerable_rate: Decimal) -> Advice:
    """Return whether the sample is enough, its bound within what is tolerable, or more has to be drawn."""
    tolerable = floor(tolerable_rate * found.population)
    if found.least_failing > tolerable:
        return Advice.EXCEEDED
    if found.most_failing <= tolerable:
        return Advice.STOP
    return Advice.WAIT if open_cases else Advice.EXPAND


def _most(population: int, decided: int, failing: int, confidence: Decimal) -> int:
    """Return the largest number of failures under which finding so few is still likely enough."""
    bound = float(1 - confidence) + _ROUNDING
    least, most = failing, population - (decided - failing)
    while least < most:
        middle = (least + most + 1) // 2
        if _chance_of_at_most(population, middle, decided, failing) > bound:
            least = middle
        else:
            most = middle - 1
    return least


def _least(population: int, decided: int, failing: int, confidence: Decimal) -> int:
    """Return the smallest number of failures: whoever fails least, meets most."""
    meeting = decided - failing
    return population - _most(population, decided, meeting, confidence)


def _chance_of_at_most(population: int, failing: int, drawn: int, found: int) -> float:
    """Return the chance to find at most so many failures in a sample."""
    least = max(0, drawn - (population - failing))
    return fsum(exp(_log_chance(population, failing, drawn, each)) for each in range(least, found + 1))


def _log_chance(population: int, failing: int, drawn: int, found: int) -> float:
    """Return the logarithm of the chance to find exactly so many failures in a sample."""
    if found > min(failing, drawn) or drawn - found > population - failing:
        return float("-inf")
    return (
        _log_ways(failing, found)
        + _log_ways(population - failing, drawn - found)
        - _log_ways(population, drawn)
    )


def _log_ways(many: int, few: int) -> float:
    return lgamma(many + 1) - lgamma(few + 1) - lgamma(many - few + 1)
