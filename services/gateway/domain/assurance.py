"""The three strands side by side: what each comes to, and what they come to together.

An unknown is never hidden: together they are assured only where every strand that was asked for holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Strand(StrEnum):
    """The three strands of quality (S1, recommendation 11)."""

    ADVISER = "adviser"
    SCHOOL = "school"
    PROVIDER = "provider"


class Holds(StrEnum):
    """Whether a strand has what is asked of it."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Overall(StrEnum):
    """What the strands come to together."""

    ASSURED = "assured"
    NOT_ASSURED = "not_assured"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, kw_only=True, slots=True)
class AssurancePolicy:
    """A version of what each word of a service means for the strand: ``readings`` by strand and word."""

    version: str
    effective_from: date
    readings: Mapping[Strand, Mapping[str, Holds]]
    source: str

    def reading(self, strand: Strand, word: str) -> Holds:
        """Return what a word means; one that the policy does not name is unknown."""
        return self.readings.get(strand, {}).get(word, Holds.UNKNOWN)


def policy_on(policies: Sequence[AssurancePolicy], day: date) -> AssurancePolicy:
    """Return the policy in force on a day, or the first there is."""
    begun = [each for each in policies if each.effective_from <= day]
    return max(begun, key=lambda each: each.effective_from) if begun else policies[0]


def overall(strands: Sequence[Holds]) -> Overall:
    """Return what strands come to together; none at all is incomplete."""
    if Holds.NO in strands:
        return Overall.NOT_ASSURED
    if not strands or Holds.UNKNOWN in strands:
        return Overall.INCOMPLETE
    return Overall.ASSURED
