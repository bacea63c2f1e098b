"""One person under several numbers: what the kept number says once records have been merged into it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from services.register.domain.facts import EntryFact, Facts, LicenceFact

OneAtATime = TypeVar("OneAtATime", EntryFact, LicenceFact)

_ONE_DAY = timedelta(days=1)


def together(kept: Facts, merged: Sequence[Facts]) -> Facts:
    """Return the facts of the kept number with those of the records merged into it.

    Everything stands, every sanction among it; but nobody has two register entries or two licences on
    one day, so on days on which the kept number has its own, its own counts.
    """
    entries, licences = kept.entries, kept.licences
    for other in merged:
        entries += tuple(_beside(other.entries, entries))
        licences += tuple(_beside(other.licences, licences))
    everything = (kept, *merged)
    return replace(
        kept,
        entries=entries,
        licences=licences,
        memberships=tuple(fact for facts in everything for fact in facts.memberships),
        scopes=tuple(fact for facts in everything for fact in facts.scopes),
        sanctions=tuple(fact for facts in everything for fact in facts.sanctions),
        specialisms=tuple(dict.fromkeys(each for facts in everything for each in facts.specialisms)),
    )


def _beside(facts: Iterable[OneAtATime], held: Sequence[OneAtATime]) -> Iterator[OneAtATime]:
    """Yield the parts of the facts that lie on days not held yet."""
    for fact in facts:
        parts = [fact]
        for other in held:
            parts = [part for each in parts for part in _without(each, other)]
        yield from parts


def _without(fact: OneAtATime, other: OneAtATime) -> Iterator[OneAtATime]:
    """Yield what is left of a fact before and after the days of another."""
    first, last = fact.valid_from, fact.valid_to or date.max
    other_first, other_last = other.valid_from, other.valid_to or date.max
    if last < other_first or other_last < first:
        yield fact
        return
    if first < other_first:
        yield replace(fact, valid_to=other_first - _ONE_DAY)
    if other_last < last:
        yield replace(fact, valid_from=other_last + _ONE_DAY)
