"""Drawing so that anybody can repeat it: a frozen list, a seed that came later, the order of hashes.

The seed is one for the whole list, so an entry has one place in the order of hashes whatever strata it is in.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.errors import Conflict, Unprocessable

SHORTEST_SEED = 16
LONGEST_SEED = 1024


class SeedNotAfterTheFreeze(Conflict):
    """The seed has to come into being after the list was frozen: one that was known before could have steered
    the list."""


class SeedNotYetThere(Conflict):
    """The seed is announced for {expected_at}, and cannot be known before."""


class SeedExpectedTooEarly(Unprocessable):
    """The seed has to come into being later than now, so that the list can be frozen before it."""


class FrozenTooLate(Conflict):
    """This list had to be frozen by {latest}, so that it stands when the seed is there: cancel this draw and
    announce another."""


class SeedNotReadable(Unprocessable):
    """A seed is 16 to 1024 visible ASCII characters: the value of the beacon, or the throws of the dice."""


class SeedDrawnByWhoEnteredIt(Conflict):
    """Whoever entered the seed does not draw with it: somebody else compares it with its source first."""


class SeedKind(StrEnum):
    """Where a seed comes from: a public beacon’s round, a ceremony with dice, or it is given to rehearse."""

    BEACON = "beacon"
    DICE = "dice"
    GIVEN = "given"


@dataclass(frozen=True, kw_only=True, slots=True)
class SeedSource:
    """Where the seed will come from and when, said before the list is frozen."""

    kind: SeedKind
    where: str
    expected_at: datetime


def check_expected(source: SeedSource, *, now: datetime) -> None:
    """Refuse a seed that is there already."""
    if source.expected_at <= now:
        raise SeedExpectedTooEarly


def check_freeze(source: SeedSource, *, minutes_before: int, now: datetime) -> None:
    """Refuse to freeze the list so late that the seed may be known before that is done.

    Whoever gives the seed to rehearse can wait for it, so there only the seed's instant counts.
    """
    spare = timedelta(minutes=0 if source.kind is SeedKind.GIVEN else minutes_before)
    if source.expected_at - spare <= now:
        raise FrozenTooLate(latest=(source.expected_at - spare).isoformat())


def check_seed(
    seed: str, *, born_at: datetime, frozen_at: datetime, source: SeedSource, now: datetime
) -> None:
    """Refuse a seed that cannot be read, that is not there yet, or that came into being too early."""
    if not (SHORTEST_SEED <= len(seed) <= LONGEST_SEED and seed.isascii() and seed.isprintable()):
        raise SeedNotReadable
    if born_at <= frozen_at:
        raise SeedNotAfterTheFreeze
    if born_at < source.expected_at or now < born_at:
        raise SeedNotYetThere(expected_at=source.expected_at.isoformat())


def check_drawer(entered_by: str, drawn_by: str) -> None:
    """Refuse the draw to whoever entered the seed."""
    if entered_by == drawn_by:
        raise SeedDrawnByWhoEnteredIt


def place_of(seed: str, entry: str) -> str:
    """Return where an entry comes in the order of the draw; whoever comes first is drawn first."""
    return hmac.new(seed.encode(), entry.encode(), hashlib.sha256).hexdigest()


def list_hash(frozen: Mapping[str, Iterable[str]]) -> str:
    """Return the digest of a frozen list, which leads from entries to the strata that they are in."""
    lines = sorted(f"{entry} {','.join(sorted(of))}" for entry, of in frozen.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def drawn(frozen: Mapping[str, Iterable[str]], sizes: Mapping[str, int], seed: str) -> dict[str, list[str]]:
    """Return by stratum the entries that are drawn, in their order."""
    order = sorted(frozen, key=lambda entry: place_of(seed, entry))
    strata = {entry: frozenset(of) for entry, of in frozen.items()}
    return {
        stratum: [entry for entry in order if stratum in strata[entry]][:size]
        for stratum, size in sizes.items()
    }
