"""What is shown of complaints to registrars and associations."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel

from services.register.domain.conduct.complaint import State, Step
from services.register.domain.conduct.parts import Part
from services.register.operations.conduct.cases import Case
from shared.disclosures import PRIVATE


class CitedOut(BaseModel):
    """A principle that is cited, and whether a source lists it in that version of the code."""

    title: str
    listed: bool


class TakenStepOut(BaseModel):
    """A step that was taken, by whom, and what was said with it."""

    step: Step
    state_after: State
    taken_by: str
    taken_at: datetime
    words: Annotated[str | None, PRIVATE]


class ConflictOut(BaseModel):
    """A conflict of interest."""

    subject: str
    nature: str


class PartOut(BaseModel):
    """What somebody does in a complaint."""

    subject: str
    part: Part


class DecisionOut(BaseModel):
    """A decision of the panel, or of the appeal panel."""

    part: Part
    outcome: str
    reasons: Annotated[str, PRIVATE]
    public_summary: str
    conditions: str | None
    sanction_days: int | None
    review_on: date | None
    members: list[str]
    decided_by: str
    decided_at: datetime


class LinkedSanctionOut(BaseModel):
    """A sanction that was imposed in the complaint: `GET /v1/sanctions/{id}` tells how it stands."""

    id: int
    interim: bool
    review_on: date | None


class ComplaintOut(BaseModel):
    """A complaint. Only registrars see who complained, unless it is one's own, and what was done in it."""

    id: int
    state: State
    due_on: date | None
    number: str | None
    described_person: Annotated[str | None, PRIVATE]
    conduct_on: date
    code_version: str | None
    principles: list[CitedOut]
    account: Annotated[str, PRIVATE]
    received_at: datetime
    complaining_association: str | None
    answering_association: str | None
    complainant_name: Annotated[str | None, PRIVATE] = None
    complainant_contact: Annotated[str | None, PRIVATE] = None
    relationship: Annotated[str | None, PRIVATE] = None
    complaining_member_id: Annotated[str | None, PRIVATE] = None
    submitted_by: str | None = None
    policy_version: str | None = None
    steps: list[TakenStepOut] = []
    parts: list[PartOut] = []
    conflicts: list[ConflictOut] = []
    decisions: list[DecisionOut] = []
    sanctions: list[LinkedSanctionOut] = []


class ComplaintPage(BaseModel):
    """Some complaints without what was done in them, and the cursor of the next page."""

    items: list[ComplaintOut]
    next: str | None


def complaint_out(case: Case) -> ComplaintOut:
    """Return a complaint as its reader may see it."""
    held, said = case.held, case.held.allegation
    cited = zip(said.citation.principles, said.citation.listed, strict=True)
    shown = ComplaintOut(
        id=held.complaint_id,
        state=held.complaint.state,
        due_on=held.complaint.due_on,
        number=held.number,
        described_person=said.described_person,
        conduct_on=said.conduct_on,
        code_version=said.citation.code_version,
        principles=[CitedOut(title=title, listed=listed) for title, listed in cited],
        account=said.account,
        received_at=held.received_at,
        complaining_association=None,
        answering_association=held.complaint.answering_association,
    )
    if case.whole or case.complains:
        shown.complaining_association = said.complaining_association
        shown.complainant_name = said.complainant_name
        shown.complainant_contact = said.complainant_contact
        shown.relationship = said.relationship
        shown.complaining_member_id = said.complaining_member_id
    return _with_the_rest(shown, case) if case.whole else shown


def _with_the_rest(shown: ComplaintOut, case: Case) -> ComplaintOut:
    complaint = case.held.complaint
    shown.submitted_by = complaint.submitted_by
    shown.policy_version = case.held.policy_version
    shown.steps = [TakenStepOut.model_validate(each, from_attributes=True) for each in case.steps]
    shown.parts = [PartOut(subject=who, part=part) for who, part in sorted(complaint.parts.items())]
    conflicts = sorted((case.conflicts or {}).items())
    shown.conflicts = [ConflictOut(subject=subject, nature=nature) for subject, nature in conflicts]
    shown.decisions = [DecisionOut.model_validate(each, from_attributes=True) for each in case.decisions]
    shown.sanctions = [
        LinkedSanctionOut(id=each.sanction_id, interim=each.interim, review_on=each.review_on)
        for each in case.sanctions
    ]
    return shown
