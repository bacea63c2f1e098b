"""The way of one award through its moderation: one table says what can be done in which state."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.kitemark.domain.policing.moderation import check_moderator
from shared.errors import Conflict, Forbidden, NotFound

MAY_MODERATE = frozenset({"licensed", "licensed_with_conditions"})
"""The verdicts of the register with which somebody may moderate."""


class NoSuchModerationCase(NotFound):
    """There is no such case of a moderation, or it is neither about your body nor given to it."""


class CaseMovesOtherwise(Conflict):
    """This case is {state}, so this cannot be done now: {can}."""


class NotTheModerator(Forbidden):
    """Only assessors of the body that moderates may find, and your access token does not speak for it."""


class ModeratorNotLicensed(Forbidden):
    """The register does not say today that {number} is licensed: only a licensed assessor may moderate."""


class ModeratorAssessedIt(Forbidden):
    """Who assessed the school for this award does not moderate it: another assessor has to."""


class ResponseStillPossible(Conflict):
    """The body may respond until {until}; only afterwards is it silent."""


class CaseState(StrEnum):
    """How far a case is."""

    DRAWN = "drawn"
    EVIDENCE_ASKED = "evidence_asked"
    EVIDENCE_GIVEN = "evidence_given"
    DISAGREED = "disagreed"
    ANSWERED = "answered"
    AGREED = "agreed"
    UPHELD = "upheld"


class CaseStep(StrEnum):
    """What can be done in a case: the moderator finds, the body responds."""

    AGREE = "agree"
    DISAGREE = "disagree"
    MORE_EVIDENCE = "more_evidence"
    NO_RESPONSE = "no_response"
    RESPOND = "respond"


TRANSITIONS: Mapping[tuple[CaseState, CaseStep], CaseState] = MappingProxyType(
    {
        (CaseState.DRAWN, CaseStep.AGREE): CaseState.AGREED,
        (CaseState.DRAWN, CaseStep.DISAGREE): CaseState.DISAGREED,
        (CaseState.DRAWN, CaseStep.MORE_EVIDENCE): CaseState.EVIDENCE_ASKED,
        (CaseState.EVIDENCE_ASKED, CaseStep.RESPOND): CaseState.EVIDENCE_GIVEN,
        (CaseState.EVIDENCE_ASKED, CaseStep.NO_RESPONSE): CaseState.DISAGREED,
        (CaseState.EVIDENCE_GIVEN, CaseStep.AGREE): CaseState.AGREED,
        (CaseState.EVIDENCE_GIVEN, CaseStep.DISAGREE): CaseState.DISAGREED,
        (CaseState.DISAGREED, CaseStep.RESPOND): CaseState.ANSWERED,
        (CaseState.DISAGREED, CaseStep.NO_RESPONSE): CaseState.UPHELD,
        (CaseState.ANSWERED, CaseStep.AGREE): CaseState.AGREED,
        (CaseState.ANSWERED, CaseStep.DISAGREE): CaseState.UPHELD,
    }
)
FINDINGS = frozenset(CaseStep) - {CaseStep.RESPOND}
WAITING = frozenset({CaseState.EVIDENCE_ASKED, CaseState.DISAGREED})
"""The states in which the body's response is waited for."""
CLOSED = frozenset({CaseState.AGREED, CaseState.UPHELD})


@dataclass(frozen=True, kw_only=True, slots=True)
class ModerationCase:
    """An award that was drawn, what its moderator found last, and what the body said to it.

    ``number`` is the registration number of the assessor who found; ``due_on`` the last day for a response.
    """

    award: str
    body: str
    moderator: str
    place: int
    state: CaseState = CaseState.DRAWN
    ties: tuple[str, ...] = ()
    found_by: str | None = None
    found_for: str | None = None
    number: str | None = None
    reasons: str | None = None
    response: str | None = None
    due_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finder:
    """Who finds: the person of the token, the body that it speaks for, their number and its verdict."""

    subject: str
    body: str | None
    number: str
    verdict: str


def found(
    held: ModerationCase,
    step: CaseStep,
    *,
    by: Finder,
    reasons: str,
    ties: Collection[str],
    assessor: str | None,
    response_days: int,
    today: date,
) -> ModerationCase:
    """Return the case after a finding. ``ties`` are those of now, for bodies change hands in between.

    ``assessor`` is what the award says of who assessed the school. Raises NotTheModerator, ModeratorTied,
    ModeratorNotLicensed, ModeratorAssessedIt, ResponseStillPossible, CaseMovesOtherwise.
    """
    if by.body != held.moderator:
        raise NotTheModerator
    check_moderator(held.moderator, body=held.body, ties=ties)
    state = _moved(held.state, step)
    if step is CaseStep.NO_RESPONSE and held.due_on is not None and today <= held.due_on:
        raise ResponseStillPossible(until=held.due_on.isoformat())
    if by.verdict not in MAY_MODERATE:
        raise ModeratorNotLicensed(number=by.number)
    if assessor is not None and by.number.casefold() in assessor.casefold():
        raise ModeratorAssessedIt
    return replace(
        held,
        state=state,
        ties=tuple(sorted(ties)),
        found_by=by.subject,
        found_for=by.body,
        number=by.number,
        reasons=reasons,
        due_on=today + timedelta(days=response_days) if state in WAITING else None,
        closed_on=today if state in CLOSED else None,
    )


def responded(held: ModerationCase, words: str) -> ModerationCase:
    """Return the case after its body has responded; raises CaseMovesOtherwise."""
    return replace(held, state=_moved(held.state, CaseStep.RESPOND), response=words, due_on=None)


def _moved(state: CaseState, step: CaseStep) -> CaseState:
    after = TRANSITIONS.get((state, step))
    if after is None:
        can = ", ".join(can for at, can in TRANSITIONS if at is state)
        raise CaseMovesOtherwise(state=state, can=f"what can be done is {can}" if can else "it is closed")
    return after
