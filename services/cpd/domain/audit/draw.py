"""Who is drawn: a frozen list, a seed that nobody could know when it was frozen, and the order of hashes.

The seed is one for everybody, so a person has one place in the order of hashes whatever associations they
belong to. Whoever comes early comes early in each of their associations, and is audited once.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from shared.errors import Conflict, NotFound, Unprocessable

SHORTEST_SEED = 16
LONGEST_SEED = 1024


class NoSuchAudit(NotFound):
    """There is no audit {audit_id}."""


class AuditNotInThatState(Conflict):
    """This audit is {state}, so this cannot be done with it now: {can}."""


class NobodyToNotify(Conflict):
    """Nobody who was drawn in this audit waits for a notice."""


class SeedNotAfterTheFreeze(Conflict):
    """The seed has to come into being after the list was frozen: one that was known before could have steered
    the list."""


class SeedNotYetThere(Conflict):
    """The seed is announced for {expected_at}, and cannot be known before."""


class SeedExpectedTooEarly(Unprocessable):
    """The seed has to come into being later than now, so that the list can be frozen before it."""


class FrozenTooLate(Conflict):
    """This list had to be frozen by {latest}, so that it stands when the seed is there: cancel this audit and
    announce another."""


class SeedNotReadable(Unprocessable):
    """A seed is 16 to 1024 visible ASCII characters: the value of the beacon, or the throws of the dice."""


class SeedDrawnByWhoEnteredIt(Conflict):
    """Whoever entered the seed does not draw with it: another auditor compares it with its source first."""


class AssociationTwice(Unprocessable):
    """{association} is named more than once: one association is one stratum."""


class AssociationNotAudited(Unprocessable):
    """No policy has the professional members of {association} audited, so it cannot be a stratum."""


class SeedKind(StrEnum):
    """Where a seed comes from: a public beacon’s round, a ceremony with dice, or it is given to rehearse."""

    BEACON = "beacon"
    DICE = "dice"
    GIVEN = "given"


class AuditState(StrEnum):
    """How far an audit is."""

    ANNOUNCED = "announced"
    FROZEN = "frozen"
    SEEDED = "seeded"
    DRAWN = "drawn"
    CANCELLED = "cancelled"


class AuditMove(StrEnum):
    """What is done with an audit."""

    FREEZE = "freeze"
    ENTER_SEED = "enter the seed"
    DRAW = "draw"
    CANCEL = "cancel"


MOVES: Mapping[tuple[AuditState, AuditMove], AuditState] = MappingProxyType(
    {
        (AuditState.ANNOUNCED, AuditMove.FREEZE): AuditState.FROZEN,
        (AuditState.FROZEN, AuditMove.ENTER_SEED): AuditState.SEEDED,
        (AuditState.SEEDED, AuditMove.DRAW): AuditState.DRAWN,
        (AuditState.ANNOUNCED, AuditMove.CANCEL): AuditState.CANCELLED,
        (AuditState.FROZEN, AuditMove.CANCEL): AuditState.CANCELLED,
        (AuditState.SEEDED, AuditMove.CANCEL): AuditState.CANCELLED,
    }
)


class Exclusion(StrEnum):
    """Why somebody cannot be drawn, the first that applies."""

    NOT_ON_REGISTER = "not_on_register"
    NEWLY_REGISTERED = "newly_registered"
    EXEMPT = "exempt"
    DEFERRED = "deferred"
    AUDIT_OPEN = "audit_open"
    BEING_DRAWN = "being_drawn"
    RECENTLY_AUDITED = "recently_audited"


@dataclass(frozen=True, kw_only=True, slots=True)
class SeedSource:
    """Where the seed will come from and when, said before the list is frozen."""

    kind: SeedKind
    where: str
    expected_at: datetime


def moved(state: AuditState, move: AuditMove) -> AuditState:
    """Return the state to which an audit is moved; raises AuditNotInThatState."""
    after = MOVES.get((state, move))
    if after is None:
        can = " or ".join(can for at, can in MOVES if at is state)
        raise AuditNotInThatState(state=state, can=f"it can {can}" if can else "nothing can")
    return after


def check_announcement(source: SeedSource, associations: Iterable[str], *, now: datetime) -> None:
    """Refuse a seed that is there already, and one association as two strata."""
    if source.expected_at <= now:
        raise SeedExpectedTooEarly
    seen: set[str] = set()
    for association in associations:
        if association in seen:
            raise AssociationTwice(association=association)
        seen.add(association)


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


def salted_id(salt: bytes, number: str) -> str:
    """Return what stands for a person in the published list: nobody without the salt can tell whom."""
    return hashlib.sha256(salt + number.encode()).hexdigest()


def place_of(seed: str, salted: str) -> str:
    """Return where a person comes in the order of the draw; whoever comes first is drawn first."""
    return hmac.new(seed.encode(), salted.encode(), hashlib.sha256).hexdigest()


def list_hash(frozen: Mapping[str, Iterable[str]]) -> str:
    """Return the digest of a frozen list, which leads from salted ids to associations."""
    lines = sorted(f"{salted} {','.join(sorted(of))}" for salted, of in frozen.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def drawn(frozen: Mapping[str, Iterable[str]], sizes: Mapping[str, int], seed: str) -> dict[str, list[str]]:
    """Return by association the salted ids that are drawn, in their order."""
    order = sorted(frozen, key=lambda salted: place_of(seed, salted))
    members = {salted: frozenset(of) for salted, of in frozen.items()}
    return {
        association: [salted for salted in order if association in members[salted]][:size]
        for association, size in sizes.items()
    }
