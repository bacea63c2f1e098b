"""Holdings as they are sent and as they are answered."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StrictBool, StrictInt

from services.register.domain.declaration import Declaration
from services.register.domain.qualification import AuthenticationMethod, HoldingStatus, Subject
from services.register.operations.holdings import SeenHolding
from services.register.routes.fields import Body, Code, Day, Line, MemberId, Sentence
from shared.disclosures import PRIVATE


class HoldingIn(Body):
    """A qualification of a member: the code of a listed one, or title with framework and level.

    What the list leaves open is told here. With `expected_on` it is still being worked towards.
    """

    member_id: MemberId
    qualification: Code | None = None
    title: Line | None = None
    awarding_body: Line | None = None
    framework: Code | None = None
    level: Code | None = None
    credits: Annotated[StrictInt, Field(ge=1, le=10_000)] | None = None
    subject: Subject | None = None
    awarded_on: Day | None = None
    expected_on: Day | None = None
    evidence_reference: Line | None = None

    def declaration(self) -> Declaration:
        """Return what is declared, for the rules to judge."""
        return Declaration(
            qualification=self.qualification,
            title=self.title,
            awarding_body=self.awarding_body,
            framework=self.framework,
            level=self.level,
            credits=self.credits,
            subject=None if self.subject is None else self.subject.value,
            awarded_on=self.awarded_on,
            expected_on=self.expected_on,
            evidence_reference=self.evidence_reference,
        )


class CompletionIn(Body):
    """The day on which a qualification that was worked towards was awarded."""

    awarded_on: Day


class AuthenticationIn(Body):
    """How a registrar made sure. `relevant` may be left out where the list says it."""

    method: AuthenticationMethod
    evidence_reference: Line
    reason: Sentence
    relevant: StrictBool | None = None


class ReasonIn(Body):
    """Why a registrar decided so."""

    reason: Sentence


class HoldingOut(BaseModel):
    """A holding as registrars and the association that declared it see it."""

    id: int
    registration_number: str
    association: str
    qualification: str | None
    title: Annotated[str, PRIVATE]
    awarding_body: Annotated[str | None, PRIVATE]
    framework: str | None
    level: str | None
    credits: int | None
    subject: Annotated[str | None, PRIVATE]
    relevant: bool
    status: HoldingStatus
    awarded_on: date | None
    expected_on: date | None
    submitted_by: str
    decided_by: str | None
    decided_at: datetime | None
    method: str | None
    evidence_reference: Annotated[str | None, PRIVATE]
    reason: Annotated[str | None, PRIVATE]

    @classmethod
    def of(cls, seen: SeenHolding) -> "HoldingOut":
        """Return the holding as it is answered."""
        held, holding = seen.held, seen.held.holding
        return cls(
            id=holding.holding_id,
            registration_number=seen.number,
            association=held.association,
            qualification=holding.qualification,
            title=holding.title,
            awarding_body=held.awarding_body,
            framework=holding.framework,
            level=holding.level,
            credits=holding.credits,
            subject=holding.subject,
            relevant=holding.relevant,
            status=holding.status,
            awarded_on=holding.awarded_on,
            expected_on=holding.expected_on,
            submitted_by=holding.submitted_by,
            decided_by=holding.decided_by,
            decided_at=held.decided_at,
            method=held.method,
            evidence_reference=held.evidence_reference,
            reason=held.reason,
        )


class HoldingList(BaseModel):
    """A page of holdings."""

    items: list[HoldingOut]
    next: str | None
