"""A concern about a body, a scheme or an award: raised by anybody, acknowledged, answered, closed.

Whoever raised it follows it by a reference that only they have: it is shown once, and kept as its digest.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from shared.errors import Conflict, Forbidden, NotFound, Unprocessable


class NoSuchConcern(NotFound):
    """There is no such concern, or it does not concern you."""


class ConcernMovesOtherwise(Conflict):
    """This concern is {state}, so this cannot be done now: {can}."""


class ConcernNotYours(Forbidden):
    """Only {mover} may do this."""


class AnswerStillPossible(Conflict):
    """The body may answer until {until}; only afterwards is this closed without its answer."""


class AwardNotKnown(Unprocessable):
    """No award {award_id} of the body {body} is recorded here: GET /v1/awards lists them."""


class AboutKind(StrEnum):
    """What a concern is about."""

    BODY = "body"
    SCHEME = "scheme"
    AWARD = "award"


class ConcernState(StrEnum):
    """How far a concern is."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    CLOSED = "closed"


class ConcernStep(StrEnum):
    """What can be done about a concern."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    CLOSE = "close"
    SET_ASIDE = "set aside"


class ConcernOutcome(StrEnum):
    """What a concern came to."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    OUTSIDE = "outside"


class Mover(StrEnum):
    """Who takes a step."""

    PANEL = "somebody of the panel who speaks for none of the bodies that it is about"
    BODY = "the body that it is about"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a step leads, and who takes it."""

    to: ConcernState
    by: Mover


TRANSITIONS: Mapping[tuple[ConcernState, ConcernStep], Move] = MappingProxyType(
    {
        (ConcernState.RAISED, ConcernStep.ACKNOWLEDGE): Move(ConcernState.ACKNOWLEDGED, Mover.PANEL),
        (ConcernState.RAISED, ConcernStep.SET_ASIDE): Move(ConcernState.CLOSED, Mover.PANEL),
        (ConcernState.ACKNOWLEDGED, ConcernStep.ANSWER): Move(ConcernState.ANSWERED, Mover.BODY),
        (ConcernState.ACKNOWLEDGED, ConcernStep.SET_ASIDE): Move(ConcernState.CLOSED, Mover.PANEL),
        # Without an answer only when the days for one have passed.
        (ConcernState.ACKNOWLEDGED, ConcernStep.CLOSE): Move(ConcernState.CLOSED, Mover.PANEL),
        (ConcernState.ANSWERED, ConcernStep.CLOSE): Move(ConcernState.CLOSED, Mover.PANEL),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a concern is about, by its code, and of an award the body's own id beside the body."""

    kind: AboutKind
    code: str
    award_id: str | None = None

    @property
    def subject(self) -> str:
        """The name by which the journal knows it."""
        own = "" if self.award_id is None else f"/{self.award_id}"
        return f"{self.kind.value}:{self.code}{own}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Concern:
    """A concern as it stands. ``body`` is whose answer is asked for, ``ties`` all whose case it is."""

    about: About
    body: str
    ties: tuple[str, ...]
    words: str
    digest: str
    policy: str
    raised_on: date
    acknowledge_by: date
    state: ConcernState = ConcernState.RAISED
    acknowledged_on: date | None = None
    answer_by: date | None = None
    answered_on: date | None = None
    answer: str | None = None
    closed_on: date | None = None
    outcome: ConcernOutcome | None = None
    reasons: str | None = None
    moved_by: str | None = None
    moved_for: str | None = None


def digest_of(reference: str) -> str:
    """Return what is kept of a reference: whoever reads it cannot follow the concern."""
    return hashlib.sha256(reference.encode()).hexdigest()


def acknowledged(held: Concern, *, by: str, speaking_for: str | None, days: int, today: date) -> Concern:
    """Return the concern as acknowledged; its body answers within ``days``."""
    moved = _moved(held, ConcernStep.ACKNOWLEDGE, by=by, speaking_for=speaking_for)
    return replace(moved, acknowledged_on=today, answer_by=today + timedelta(days=days))


def answered(held: Concern, answer: str, *, by: str, speaking_for: str | None, today: date) -> Concern:
    """Return the concern with the answer of its body."""
    moved = _moved(held, ConcernStep.ANSWER, by=by, speaking_for=speaking_for)
    return replace(moved, answered_on=today, answer=answer)


def closed(
    held: Concern,
    outcome: ConcernOutcome,
    reasons: str,
    *,
    by: str,
    speaking_for: str | None,
    today: date,
) -> Concern:
    """Return the concern as closed; what lies outside needs no answer. Raises AnswerStillPossible."""
    step = (
        ConcernStep.SET_ASIDE
        if outcome is ConcernOutcome.OUTSIDE and held.answer is None
        else ConcernStep.CLOSE
    )
    moved = _moved(held, step, by=by, speaking_for=speaking_for)
    waiting = held.state is ConcernState.ACKNOWLEDGED and step is ConcernStep.CLOSE
    if waiting and held.answer_by is not None and today <= held.answer_by:
        raise AnswerStillPossible(until=held.answer_by.isoformat())
    return replace(moved, closed_on=today, outcome=outcome, reasons=reasons)


def _moved(held: Concern, step: ConcernStep, *, by: str, speaking_for: str | None) -> Concern:
    """Return the concern moved on; raises ConcernMovesOtherwise, ConcernNotYours."""
    move = TRANSITIONS.get((held.state, step))
    if move is None:
        can = ", ".join(can for at, can in TRANSITIONS if at is held.state)
        raise ConcernMovesOtherwise(state=held.state, can=f"one can {can}" if can else "it stays so")
    tied = speaking_for is not None and speaking_for.casefold() in {each.casefold() for each in held.ties}
    if (move.by is Mover.BODY and speaking_for != held.body) or (move.by is Mover.PANEL and tied):
        raise ConcernNotYours(mover=move.by)
    return replace(held, state=move.to, moved_by=by, moved_for=speaking_for)
