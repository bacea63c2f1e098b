"""The way of one person through an audit: one table says what can be done in which state, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from shared.errors import Conflict, Forbidden, NotFound, Unprocessable


class NoSuchCase(NotFound):
    """There is no such case of an audit, or none that concerns you."""


class CaseNotInThatState(Conflict):
    """This case is {state}, so this cannot be done now: {can}."""


class WordsMissing(Unprocessable):
    """Say in a sentence why, for whoever has to review it."""


class NotYourPart(Forbidden):
    """Only {mover} may do this."""


class StepHasItsOwnPath(Unprocessable):
    """This step needs more than words: see errors."""


class DayMissing(Unprocessable):
    """Say the day: an extension and a resumption need a new last day."""


class ExtensionTooLong(Conflict):
    """The terms of the audit let this be put off to {latest} at the latest, from {due_on}."""


class ExtensionNotLater(Unprocessable):
    """The new last day has to lie after {due_on} and not in the past."""


class NotSilentYet(Conflict):
    """An answer may still come until {until}; only afterwards is it none."""


class AppealStillPossible(Conflict):
    """An appeal may be made until {until}, so nothing is final before."""


class AppealTooLate(Conflict):
    """An appeal could be made until {until}: ask an auditor to let it be heard late."""


class AuditOpenAlready(Conflict):
    """A case of this person is open already: one person is audited once."""


class BeingDrawn(Conflict):
    """This person can be drawn in an audit whose list is frozen: wait until it is drawn or cancelled."""


class State(StrEnum):
    """How far a case is."""

    DRAWN = "drawn"
    NOTIFIED = "notified"
    SUBMITTED = "submitted"
    UNDER_ASSESSMENT = "under_assessment"
    MORE_ASKED = "more_asked"
    TIME_GIVEN = "time_given"
    SECOND_OPINION = "second_opinion"
    REFUSED = "refused"
    UNDER_APPEAL = "under_appeal"
    MET = "met"
    FAILED = "failed"
    FAILED_UNDER_APPEAL = "failed_under_appeal"
    OVERTURNED = "overturned"
    MADE_GOOD = "made_good"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What can be done in a case."""

    NOTIFY = "notify"
    EXTEND = "extend"
    DEFER = "defer"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    SUBMIT = "submit"
    ASSIGN = "assign"
    FIND_MEETS = "find_meets"
    ASK_MORE = "ask_more"
    GIVE_TIME = "give_time"
    FIND_NOT_MET = "find_not_met"
    NOTE_SILENCE = "note_silence"
    APPEAL = "appeal"
    HEAR_LATE = "hear_late"
    ALLOW_APPEAL = "allow_appeal"
    DISMISS_APPEAL = "dismiss_appeal"
    REASSESS = "reassess"
    FINALISE = "finalise"
    MAKE_GOOD = "make_good"


class Mover(StrEnum):
    """Who takes a step."""

    AUDITOR = "an auditor"
    ASSOCIATION = "an association in whose sample the person is"
    ASSESSOR = "the assessor to whom the case was given"
    APPEAL = "an auditor who had no part in the case"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a step leads, and who takes it."""

    to: State
    by: Mover


_WAITING = (State.NOTIFIED, State.MORE_ASKED, State.TIME_GIVEN)
_FIRST_FINDINGS = {
    Step.FIND_MEETS: State.MET,
    Step.ASK_MORE: State.MORE_ASKED,
    Step.GIVE_TIME: State.TIME_GIVEN,
    Step.FIND_NOT_MET: State.SECOND_OPINION,
}

TRANSITIONS: Mapping[tuple[State, Step], Move] = MappingProxyType(
    {
        (State.DRAWN, Step.NOTIFY): Move(State.NOTIFIED, Mover.AUDITOR),
        (State.DRAWN, Step.WITHDRAW): Move(State.WITHDRAWN, Mover.AUDITOR),
        (State.DRAWN, Step.DEFER): Move(State.DEFERRED, Mover.AUDITOR),
        (State.DEFERRED, Step.RESUME): Move(State.NOTIFIED, Mover.AUDITOR),
        (State.DEFERRED, Step.WITHDRAW): Move(State.WITHDRAWN, Mover.AUDITOR),
        **{(state, Step.EXTEND): Move(state, Mover.AUDITOR) for state in _WAITING},
        **{(state, Step.DEFER): Move(State.DEFERRED, Mover.AUDITOR) for state in _WAITING},
        **{(state, Step.WITHDRAW): Move(State.WITHDRAWN, Mover.AUDITOR) for state in _WAITING},
        **{(state, Step.SUBMIT): Move(State.SUBMITTED, Mover.ASSOCIATION) for state in _WAITING},
        # Silence is a refusal, and so it too needs a second pair of eyes.
        **{(state, Step.NOTE_SILENCE): Move(State.SECOND_OPINION, Mover.AUDITOR) for state in _WAITING},
        (State.SUBMITTED, Step.ASSIGN): Move(State.UNDER_ASSESSMENT, Mover.AUDITOR),
        (State.UNDER_ASSESSMENT, Step.ASSIGN): Move(State.UNDER_ASSESSMENT, Mover.AUDITOR),
        (State.SECOND_OPINION, Step.ASSIGN): Move(State.SECOND_OPINION, Mover.AUDITOR),
        **{(State.UNDER_ASSESSMENT, step): Move(to, Mover.ASSESSOR) for step, to in _FIRST_FINDINGS.items()},
        **{
            (State.SECOND_OPINION, step): Move(to, Mover.ASSESSOR)
            for step, to in (_FIRST_FINDINGS | {Step.FIND_NOT_MET: State.REFUSED}).items()
        },
        (State.REFUSED, Step.APPEAL): Move(State.UNDER_APPEAL, Mover.ASSOCIATION),
        (State.REFUSED, Step.FINALISE): Move(State.FAILED, Mover.AUDITOR),
        (State.UNDER_APPEAL, Step.ALLOW_APPEAL): Move(State.MET, Mover.APPEAL),
        (State.UNDER_APPEAL, Step.DISMISS_APPEAL): Move(State.FAILED, Mover.APPEAL),
        (State.UNDER_APPEAL, Step.REASSESS): Move(State.SUBMITTED, Mover.APPEAL),
        (State.FAILED, Step.HEAR_LATE): Move(State.FAILED_UNDER_APPEAL, Mover.AUDITOR),
        (State.FAILED, Step.MAKE_GOOD): Move(State.MADE_GOOD, Mover.AUDITOR),
        (State.FAILED_UNDER_APPEAL, Step.ALLOW_APPEAL): Move(State.OVERTURNED, Mover.APPEAL),
        (State.FAILED_UNDER_APPEAL, Step.DISMISS_APPEAL): Move(State.FAILED, Mover.APPEAL),
    }
)

FINDINGS = frozenset(_FIRST_FINDINGS)
CLOSED = frozenset({State.MET, State.FAILED, State.OVERTURNED, State.MADE_GOOD, State.WITHDRAWN})
FAILING = frozenset({State.FAILED, State.FAILED_UNDER_APPEAL})
"""The states in which somebody’s CPD is held not to meet what is asked, during a late appeal too."""
UNDER_AUDIT = frozenset(State) - CLOSED - FAILING - {State.DEFERRED}
WAITING = frozenset(_WAITING)
"""The states in which a pack is waited for."""


def move(state: State, step: Step, *, by: Mover) -> State:
    """Return the state to which a step leads; raises CaseNotInThatState, or NotYourPart."""
    found = TRANSITIONS.get((state, step))
    if found is None:
        can = ", ".join(can for at, can in TRANSITIONS if at is state)
        raise CaseNotInThatState(state=state, can=f"what can be done is {can}" if can else "it is closed")
    if found.by is not by:
        raise NotYourPart(mover=found.by)
    return found.to


def becomes_final(before: State, after: State) -> bool:
    """Tell whether a step makes a refusal final for the first time."""
    return after is State.FAILED and before not in FAILING


def check_words(words: str) -> str:
    """Return the reasons without spaces around them; raises WordsMissing."""
    if not words.strip():
        raise WordsMissing
    return words.strip()


def check_extension(until: date | None, *, due_on: date, latest: date, today: date) -> date:
    """Return the new last day of what is waited for, which the policy lets be put off so far only."""
    if until is None:
        raise DayMissing
    if until <= due_on or until < today:
        raise ExtensionNotLater(due_on=due_on.isoformat())
    if until > latest:
        raise ExtensionTooLong(latest=latest.isoformat(), due_on=due_on.isoformat())
    return until


def check_silent(until: date, *, today: date) -> None:
    """Refuse to call somebody silent who may still answer."""
    if today <= until:
        raise NotSilentYet(until=until.isoformat())


def check_appeal(until: date, *, today: date) -> None:
    """Refuse an appeal that comes too late."""
    if today > until:
        raise AppealTooLate(until=until.isoformat())


def check_final(until: date, *, today: date) -> None:
    """Refuse to make final what may still be appealed against."""
    if today <= until:
        raise AppealStillPossible(until=until.isoformat())
