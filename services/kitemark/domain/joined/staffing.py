"""What the register and CPD show of a school's advisers, as evidence for competent staff and benchmark 8.

It is evidence and no decision: whoever assesses the school decides. A service that said nothing leaves its
part unknown, and no adviser known is not the same as none there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Shown(StrEnum):
    """What a part of the evidence shows."""

    SHOWN = "shown"
    NOT_SHOWN = "not_shown"
    UNKNOWN = "unknown"


class CpdWord(StrEnum):
    """What an adviser's standing with CPD comes to here."""

    IN_ORDER = "in_order"
    NOT_IN_ORDER = "not_in_order"
    UNKNOWN = "unknown"


# As CPD words its standings. A word that is not here was not known when this was written: it is unknown.
CPD_WORDS: Mapping[str, CpdWord] = {
    "met": CpdWord.IN_ORDER,
    "declared": CpdWord.IN_ORDER,
    "on_track": CpdWord.IN_ORDER,
    "deferred": CpdWord.IN_ORDER,
    "not_required": CpdWord.IN_ORDER,
    # Nothing is decided while an audit goes on.
    "under_audit": CpdWord.UNKNOWN,
    "short": CpdWord.NOT_IN_ORDER,
    "failed": CpdWord.NOT_IN_ORDER,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A post at the school as the public sees it; ``cpd`` is the word of CPD, None where it said none."""

    number: str
    role: str
    licensed: bool
    independent: bool | None
    employer_ukprn: str | None
    cpd: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Staffing:
    """The evidence: benchmark 8 rests on the register alone, competent staff on the register and CPD."""

    benchmark_8: Shown
    competent_staff: Shown
    advisers: int | None
    licensed: int | None
    cpd: Mapping[CpdWord, int]


def staffing(posts: Sequence[Post] | None, *, adviser_roles: frozenset[str]) -> Staffing:
    """Return what is shown by the posts that the register told of; None is a register that said nothing.

    Benchmark 8 is shown by one adviser who may give personal guidance. Competent staff is shown where
    every adviser known there may, and the CPD of each is in order; CPD that said nothing of one leaves it
    unknown.
    """
    if posts is None:
        return Staffing(
            benchmark_8=Shown.UNKNOWN, competent_staff=Shown.UNKNOWN, advisers=None, licensed=None, cpd={}
        )
    advisers = {each.number: each for each in posts if each.role in adviser_roles}.values()
    licensed = [each for each in advisers if each.licensed]
    words = [CPD_WORDS.get(each.cpd or "", CpdWord.UNKNOWN) for each in licensed]
    return Staffing(
        benchmark_8=Shown.SHOWN if licensed else Shown.NOT_SHOWN,
        competent_staff=_competent(len(advisers), words),
        advisers=len(advisers),
        licensed=len(licensed),
        cpd={word: words.count(word) for word in CpdWord},
    )


def _competent(advisers: int, words: Sequence[CpdWord]) -> Shown:
    """Judge the advisers: what is surely missing outweighs what is not known."""
    if not words or len(words) < advisers or CpdWord.NOT_IN_ORDER in words:
        return Shown.NOT_SHOWN
    return Shown.UNKNOWN if CpdWord.UNKNOWN in words else Shown.SHOWN
