"""A complaint's way from its receipt to its end: one table of states, steps and who may take them.

The steps as far as the case to answer are those of the profession's procedure of February 2015, whose text
then breaks off; panel, decision and appeal follow what procedures of other professions have in common.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from services.register.domain.conduct.parts import Part, check_may_act
from shared.errors import Conflict, Forbidden, NotFound, Unprocessable


class ComplaintStepNotPossible(Conflict):
    """This complaint is {state}, and cannot take the step {step} from there."""


class NotYoursToMove(Forbidden):
    """This step belongs to somebody else: {who}."""


class PersonNotIdentified(Conflict):
    """The complaint describes the person: identify whom it is about first."""


class AnswerStillDue(Conflict):
    """The member may answer until {due_on}: wait for the answer, or for that day to pass."""


class AppealStillOpen(Conflict):
    """The member may appeal until {due_on}, so the decision is not final yet."""


class AppealTooLate(Conflict):
    """An appeal was possible until {due_on}."""


class InterimMeasureStands(Conflict):
    """An interim measure stands in this complaint, so the registrar has to see it to its end."""


class NoSuchComplaint(NotFound):
    """There is no such complaint, or none that concerns you."""


class NoSuchReference(NotFound):
    """No complaint has this reference: it is the one that was shown once, when the complaint was received."""


class PersonNotSaid(Unprocessable):
    """Say whom the complaint is about: by registration number, or describe the person."""


class ConductInTheFuture(Unprocessable):
    """The day on which it happened has not come yet."""


class AccountMissing(Unprocessable):
    """Say in sentences what happened."""


class AssociationMayNotAnswer(Unprocessable):
    """{association} has no such member, so it cannot be asked for the member’s answer."""


class State(StrEnum):
    """How far a complaint is."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATED = "investigated"
    ANSWER_AWAITED = "answer_awaited"
    ANSWERED = "answered"
    CASE_TO_ANSWER = "case_to_answer"
    BEFORE_PANEL = "before_panel"
    DECIDED = "decided"
    UNDER_APPEAL = "under_appeal"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What can be done with a complaint."""

    ACKNOWLEDGE = "acknowledge"
    IDENTIFY = "identify"
    FIND_CAPABLE = "find_capable"
    FIND_NOT_CAPABLE = "find_not_capable"
    ASK_MEMBER = "ask_member"
    ANSWER = "answer"
    FIND_CASE = "find_case"
    FIND_NO_CASE = "find_no_case"
    PROTECT = "protect"
    CONVENE = "convene"
    UPHOLD = "uphold"
    NOT_UPHOLD = "not_uphold"
    APPEAL = "appeal"
    CONVENE_APPEAL = "convene_appeal"
    DISMISS_APPEAL = "dismiss_appeal"
    ALLOW_APPEAL = "allow_appeal"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class Mover(StrEnum):
    """Who moves a complaint."""

    OFFICER = "a registrar who has no seat on its panels"
    PANEL = "a member of its panel"
    APPEAL_PANEL = "a member of its appeal panel"
    ASSOCIATION = "the association through which the member answers"
    COMPLAINANT = "whoever made the complaint"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a step leads, and who takes it."""

    to: State
    by: Mover


UNDECIDED = (
    State.RECEIVED,
    State.ACKNOWLEDGED,
    State.INVESTIGATED,
    State.ANSWER_AWAITED,
    State.ANSWERED,
    State.CASE_TO_ANSWER,
    State.BEFORE_PANEL,
)
ENDED = frozenset({State.CLOSED, State.WITHDRAWN})
# An interim measure protects from the triage on, for as long as nothing is decided.
_PROTECTED = UNDECIDED[2:]

TRANSITIONS: Mapping[tuple[State, Step], Move] = MappingProxyType(
    {
        (State.RECEIVED, Step.ACKNOWLEDGE): Move(State.ACKNOWLEDGED, Mover.OFFICER),
        (State.ACKNOWLEDGED, Step.IDENTIFY): Move(State.ACKNOWLEDGED, Mover.OFFICER),
        (State.ACKNOWLEDGED, Step.FIND_CAPABLE): Move(State.INVESTIGATED, Mover.OFFICER),
        (State.ACKNOWLEDGED, Step.FIND_NOT_CAPABLE): Move(State.CLOSED, Mover.OFFICER),
        (State.INVESTIGATED, Step.ASK_MEMBER): Move(State.ANSWER_AWAITED, Mover.OFFICER),
        (State.ANSWER_AWAITED, Step.ANSWER): Move(State.ANSWERED, Mover.ASSOCIATION),
        (State.ANSWER_AWAITED, Step.FIND_CASE): Move(State.CASE_TO_ANSWER, Mover.OFFICER),
        (State.ANSWERED, Step.FIND_CASE): Move(State.CASE_TO_ANSWER, Mover.OFFICER),
        (State.ANSWERED, Step.FIND_NO_CASE): Move(State.CLOSED, Mover.OFFICER),
        (State.CASE_TO_ANSWER, Step.CONVENE): Move(State.BEFORE_PANEL, Mover.OFFICER),
        (State.BEFORE_PANEL, Step.CONVENE): Move(State.BEFORE_PANEL, Mover.OFFICER),
        (State.BEFORE_PANEL, Step.UPHOLD): Move(State.DECIDED, Mover.PANEL),
        (State.BEFORE_PANEL, Step.NOT_UPHOLD): Move(State.CLOSED, Mover.PANEL),
        (State.DECIDED, Step.APPEAL): Move(State.UNDER_APPEAL, Mover.ASSOCIATION),
        (State.DECIDED, Step.CLOSE): Move(State.CLOSED, Mover.OFFICER),
        (State.UNDER_APPEAL, Step.CONVENE_APPEAL): Move(State.UNDER_APPEAL, Mover.OFFICER),
        (State.UNDER_APPEAL, Step.DISMISS_APPEAL): Move(State.CLOSED, Mover.APPEAL_PANEL),
        (State.UNDER_APPEAL, Step.ALLOW_APPEAL): Move(State.CLOSED, Mover.APPEAL_PANEL),
        **{(state, Step.WITHDRAW): Move(State.WITHDRAWN, Mover.COMPLAINANT) for state in UNDECIDED},
        **{(state, Step.PROTECT): Move(state, Mover.OFFICER) for state in _PROTECTED},
    }
)
_NEEDS_PERSON = frozenset({Step.FIND_CAPABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who takes a step: a registrar, an association, or whoever holds the reference of the complaint."""

    subject: str
    association: str | None = None
    registrar: bool = False
    complainant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What the rules need to know of a complaint."""

    state: State
    submitted_by: str
    complaining_association: str | None
    answering_association: str | None = None
    identified: bool = True
    protected: bool = False
    due_on: date | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)
    conflicted: Collection[str] = ()


def move(complaint: Complaint, step: Step, *, by: Caller, today: date) -> State:
    """Return the state to which a step leads, or refuse it."""
    found = TRANSITIONS.get((complaint.state, step))
    if found is None:
        raise ComplaintStepNotPossible(state=complaint.state.replace("_", " "), step=step.replace("_", " "))
    _check_mover(complaint, found.by, by)
    if step in _NEEDS_PERSON and not complaint.identified:
        raise PersonNotIdentified
    if step in (Step.WITHDRAW, Step.PROTECT) and complaint.protected:
        raise InterimMeasureStands
    _check_days(complaint, step, today=today)
    return found.to


def _check_mover(complaint: Complaint, wanted: Mover, by: Caller) -> None:
    if wanted is Mover.COMPLAINANT:
        allowed = by.complainant
    elif wanted is Mover.ASSOCIATION:
        allowed = by.association is not None and by.association == complaint.answering_association
    else:
        allowed = by.registrar
        if allowed:
            check_may_act(complaint, by, part=_PART_OF[wanted])
    if not allowed:
        raise NotYoursToMove(who=wanted.value)


_PART_OF = {
    Mover.OFFICER: Part.INVESTIGATOR,
    Mover.PANEL: Part.PANEL,
    Mover.APPEAL_PANEL: Part.APPEAL_PANEL,
}


def _check_days(complaint: Complaint, step: Step, *, today: date) -> None:
    if complaint.due_on is None:
        return
    open_still = today <= complaint.due_on
    due_on = complaint.due_on.isoformat()
    if step is Step.FIND_CASE and complaint.state is State.ANSWER_AWAITED and open_still:
        raise AnswerStillDue(due_on=due_on)
    if step is Step.CLOSE and open_still:
        raise AppealStillOpen(due_on=due_on)
    if step is Step.APPEAL and not open_still:
        raise AppealTooLate(due_on=due_on)
