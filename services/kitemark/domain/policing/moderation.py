"""The moderation of a body's awards: which can be drawn, by whom they are looked at, and how far it is.

The list is frozen and its digest published before the seed exists; what is drawn is the order of hashes
(``shared.draw``), with the body as the one stratum. Awards are public, so they stand in the list by name.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from services.kitemark.domain.awards.mark import Span
from services.kitemark.domain.awards.scheme import Scheme
from shared.draw import SeedSource, check_drawer, check_seed
from shared.errors import Conflict, Forbidden, NotFound, Unprocessable


class NoSuchModeration(NotFound):
    """There is no such moderation."""


class ModerationNotInThatState(Conflict):
    """This moderation is {state}, so this cannot be done with it now: {can}."""


class ModeratorTied(Unprocessable):
    """{moderator} cannot moderate {body}: they are one body, or a scheme or a record ties them together."""


class ModeratedAlready(Conflict):
    """The awards of this body are moderated in this year already: read that moderation, or cancel it."""


class NothingToModerate(Conflict):
    """{body} gave no award from {first} to {last} that still stands, so there is nothing to draw from."""


class ModeratesAnother(Forbidden):
    """You speak for a body that has a part in this moderation: somebody else of the panel does this."""


class ModerationState(StrEnum):
    """How far a moderation is."""

    FROZEN = "frozen"
    SEEDED = "seeded"
    DRAWN = "drawn"
    CANCELLED = "cancelled"


class ModerationMove(StrEnum):
    """What is done with a moderation."""

    ENTER_SEED = "enter the seed"
    DRAW = "draw"
    CANCEL = "cancel"


MOVES: Mapping[tuple[ModerationState, ModerationMove], ModerationState] = MappingProxyType(
    {
        (ModerationState.FROZEN, ModerationMove.ENTER_SEED): ModerationState.SEEDED,
        (ModerationState.SEEDED, ModerationMove.DRAW): ModerationState.DRAWN,
        (ModerationState.FROZEN, ModerationMove.CANCEL): ModerationState.CANCELLED,
        (ModerationState.SEEDED, ModerationMove.CANCEL): ModerationState.CANCELLED,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tie:
    """Two bodies that cannot judge one another, from a day on, and what says so."""

    one: str
    other: str
    first: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Moderation:
    """The moderation of a body's awards in a year; what concerns the seed is None until it is there."""

    body: str
    moderator: str
    year: int
    ties: tuple[str, ...]
    policy: str
    source: SeedSource
    list_hash: str
    population: int
    size: int
    frozen_at: datetime
    state: ModerationState
    announced_by: str
    seed: str | None = None
    seed_born_at: datetime | None = None
    seed_entered_by: str | None = None
    drawn_by: str | None = None
    cancel_reason: str | None = None


def ties_of(
    body: str,
    *,
    schemes: Iterable[Scheme],
    authorities: Iterable[Span],
    declared: Iterable[Tie],
    day: date,
) -> tuple[str, ...]:
    """Return the bodies that may not judge a body: those with whom a scheme or a record ties it.

    Whoever owns or keeps a scheme is tied to whoever gives, gave or keeps its awards. Bodies that give awards
    of one scheme side by side are not: it is they who moderate one another.
    """
    keepers = {each.code: {each.body, each.owner} for each in schemes}
    found: set[str] = set()
    for scheme, kept_by in keepers.items():
        givers = {each.body for each in authorities if each.scheme == scheme and each.body is not None}
        if body in kept_by:
            found |= kept_by | givers
        elif body in givers:
            found |= kept_by
    for tie in declared:
        if tie.first <= day and body in (tie.one, tie.other):
            found |= {tie.one, tie.other}
    return tuple(sorted(found - {body}))


def check_moderator(moderator: str, *, body: str, ties: Collection[str]) -> None:
    """Refuse the body itself and whoever is tied to it; raises ModeratorTied."""
    if moderator == body or moderator in ties:
        raise ModeratorTied(moderator=moderator, body=body)


def check_part(speaking_for: str | None, *, parties: Sequence[str]) -> None:
    """Refuse somebody of the panel who speaks for a body with a part in it; raises ModeratesAnother.

    However a body's code is written in a token, capitals open no way round.
    """
    if speaking_for is not None and speaking_for.casefold() in {each.casefold() for each in parties}:
        raise ModeratesAnother


def moved(held: Moderation, move: ModerationMove) -> ModerationState:
    """Return the state to which a moderation is moved; raises ModerationNotInThatState."""
    after = MOVES.get((held.state, move))
    if after is None:
        can = " or ".join(can for at, can in MOVES if at is held.state)
        raise ModerationNotInThatState(state=held.state, can=f"one can {can}" if can else "nothing can")
    return after


def seeded(held: Moderation, seed: str, *, born_at: datetime, by: str, now: datetime) -> Moderation:
    """Return the moderation with the seed as it came from its source; raises what ``check_seed`` refuses."""
    state = moved(held, ModerationMove.ENTER_SEED)
    check_seed(seed, born_at=born_at, frozen_at=held.frozen_at, source=held.source, now=now)
    return replace(held, state=state, seed=seed, seed_born_at=born_at, seed_entered_by=by)


def drawn_by(held: Moderation, by: str) -> Moderation:
    """Return the moderation as drawn; raises SeedDrawnByWhoEnteredIt."""
    state = moved(held, ModerationMove.DRAW)
    assert held.seed_entered_by is not None  # noqa: S101 - it was seeded
    check_drawer(held.seed_entered_by, by)
    return replace(held, state=state, drawn_by=by)


def cancelled(held: Moderation, reason: str) -> Moderation:
    """Return the moderation as cancelled, for a reason that everybody can read."""
    return replace(held, state=moved(held, ModerationMove.CANCEL), cancel_reason=reason)
