"""Cases of audits as they are told and shown: to those who audit in full, to an association without names."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from services.cpd.domain.audit.case import State, Step
from services.cpd.operations.audit.assessments import Ruling
from services.cpd.operations.audit.bank_holidays import Nation
from services.cpd.operations.audit.cases import (
    Reminder,
    SeenCase,
    SeenFinding,
    SeenLine,
    SeenStep,
    WordedStep,
)
from services.cpd.routes.fields import Body, Day, NumberText, Sentence

Words = Annotated[Sentence, Field(min_length=1)]


class TargetedIn(Body):
    """A person who is audited for a reason, such as a weak record."""

    number: NumberText
    reason: Words


class CaseStepIn(Body):
    """A step that needs no more than words; `until` for an extension and a resumption."""

    step: Step
    words: Words
    until: Day | None = None
    nation: Nation | None = None

    def read(self) -> WordedStep:
        """Return the step."""
        nation = None if self.nation is None else self.nation.value
        return WordedStep(step=self.step, words=self.words, until=self.until, nation=nation)


class Outcome(StrEnum):
    """What can be found: it meets what is asked, more is needed, time is given, or it does not meet."""

    MEETS = Step.FIND_MEETS
    MORE = Step.ASK_MORE
    TIME = Step.GIVE_TIME
    NOT_MET = Step.FIND_NOT_MET


class FindingIn(Body):
    """What an assessor finds, and why."""

    outcome: Outcome
    reasons: Words


class WordsIn(Body):
    """Why, in sentences."""

    words: Words


class RulingIn(Body):
    """What becomes of an appeal, and why."""

    ruling: Ruling
    reasons: Words


class CaseLineOut(BaseModel):
    """A case in a list."""

    id: int
    number: str
    audit_id: int | None
    state: State
    due_on: date | None
    period_from: date
    period_to: date

    @classmethod
    def of(cls, held: SeenLine) -> "CaseLineOut":
        """Return the case as it is listed."""
        return cls(
            id=held.id,
            number=held.number,
            audit_id=held.audit_id,
            state=held.state,
            due_on=held.due_on,
            period_from=held.period_from,
            period_to=held.period_to,
        )


class CasePage(BaseModel):
    """Some cases, and the cursor of the next page."""

    items: list[CaseLineOut]
    next: str | None


class TakenStepOut(BaseModel):
    """A step; its words and who took it are for those who audit."""

    place: int
    step: Step
    state: State
    due_on: date | None
    taken_at: datetime
    words: str | None
    taken_by: str | None


class FindingOut(BaseModel):
    """A finding with its reasons; who found it is for those who audit."""

    place: int
    outcome: Step
    second: bool
    silence: bool
    pack_version: int | None
    reasons: str
    found_at: datetime
    assessor: str | None


class CaseOut(CaseLineOut):
    """A case with its steps and findings."""

    reason: str | None
    associations: list[str] | None
    policy_version: str
    opened_at: datetime
    steps: list[TakenStepOut]
    findings: list[FindingOut]

    @classmethod
    def seen(cls, seen: SeenCase) -> "CaseOut":
        """Return the case as the caller may see it."""
        held = seen.case
        return cls(
            **CaseLineOut.of(held).model_dump(),
            reason=held.reason if seen.inside else None,
            associations=list(held.associations) if seen.inside else None,
            policy_version=held.policy_version,
            opened_at=held.opened_at,
            steps=[_step(each, inside=seen.inside) for each in seen.steps],
            findings=[_finding(each, inside=seen.inside) for each in seen.findings],
        )


class ReminderOut(BaseModel):
    """Something is due in a case; `days_left` is below nought once it is late."""

    case_id: int
    number: str
    state: State
    due_on: date | None
    since: date
    days_left: int

    @classmethod
    def of(cls, reminder: Reminder) -> "ReminderOut":
        """Return the reminder as it is shown."""
        held = reminder.case
        return cls(
            case_id=held.id,
            number=held.number,
            state=held.state,
            due_on=held.due_on,
            since=reminder.since,
            days_left=reminder.days_left,
        )


class ReminderPage(BaseModel):
    """Some reminders, and the cursor of the next page, which may have some where this one has none."""

    items: list[ReminderOut]
    next: str | None


def _step(taken: SeenStep, *, inside: bool) -> TakenStepOut:
    return TakenStepOut(
        place=taken.place,
        step=taken.step,
        state=taken.state_after,
        due_on=taken.due_on,
        taken_at=taken.taken_at,
        words=taken.words if inside else None,
        taken_by=taken.taken_by if inside else None,
    )


def _finding(found: SeenFinding, *, inside: bool) -> FindingOut:
    return FindingOut(
        place=found.place,
        outcome=found.outcome,
        second=found.second,
        silence=found.silence,
        pack_version=found.pack_version,
        reasons=found.reasons,
        found_at=found.found_at,
        assessor=found.assessor if inside else None,
    )
