"""Somebody compared with a role, as it is asked and as it is answered."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictBool, StrictInt

from services.register.domain.declaration import Declaration
from services.register.domain.framework.framework import RequirementKind, RequirementStatus
from services.register.domain.framework.gaps import Gap, GapStatus
from services.register.domain.framework.offers import Certainty, Closing, OfferKind
from services.register.domain.qualification import Subject
from services.register.operations.framework.gaps import Compared, Typed
from services.register.routes.fields import Body, Code, Line

EMPTY: Any = Field(default_factory=list)


class HeldIn(Body):
    """A qualification that somebody holds, by its place on the list or by title with framework and level."""

    qualification: Code | None = None
    title: Line | None = None
    framework: Code | None = None
    level: Code | None = None
    credits: Annotated[StrictInt, Field(ge=1, le=10_000)] | None = None
    subject: Subject | None = None
    working_towards: StrictBool = False

    def typed(self) -> Typed:
        """Return what was typed, for the rules to judge."""
        declaration = Declaration(
            qualification=self.qualification,
            title=self.title,
            framework=self.framework,
            level=self.level,
            credits=self.credits,
            subject=None if self.subject is None else self.subject.value,
        )
        return Typed(declaration=declaration, working_towards=self.working_towards)


class StandardHeldIn(Body):
    """A standard that somebody meets."""

    suite: Code
    standard: Code


class CareerGapsIn(Body):
    """A role, and what somebody holds. Nobody is asked who they are."""

    role: Code
    holdings: Annotated[list[HeldIn], Field(max_length=50), EMPTY]
    competences: Annotated[list[StandardHeldIn], Field(max_length=500), EMPTY]


class ClosingOut(BaseModel):
    """What closes a gap, or may; `unknown` says what has to be found out first."""

    kind: OfferKind
    code: str
    title: str
    framework: str | None
    level: str | None
    credits: int | None
    certainty: Certainty
    unknown: list[str]

    @classmethod
    def of(cls, closing: Closing) -> "ClosingOut":
        """Return it as it is answered."""
        offer = closing.offer
        return cls(
            kind=offer.kind,
            code=offer.code,
            title=offer.title,
            framework=offer.framework,
            level=offer.level,
            credits=offer.credits,
            certainty=closing.certainty,
            unknown=list(closing.unknown),
        )


class GapOut(BaseModel):
    """One requirement of a role with where the person stands; `open` is on the way and does not count yet."""

    requirement: RequirementKind
    requirement_status: RequirementStatus
    source: str
    status: GapStatus
    detail: str
    met_by: str | None
    closings: list[ClosingOut]

    @classmethod
    def of(cls, gap: Gap) -> "GapOut":
        """Return it as it is answered."""
        return cls(
            requirement=gap.requirement.kind,
            requirement_status=gap.requirement.status,
            source=gap.requirement.source,
            status=gap.status,
            detail=gap.detail,
            met_by=gap.met_by,
            closings=[ClosingOut.of(each) for each in gap.closings],
        )


class CareerGapsOut(BaseModel):
    """Somebody compared with a role.

    `complete` is null where no requirement of the role is known: then nobody is found ready for it or not.
    """

    role: str
    title: str
    framework_version: str
    policy_version: str
    complete: bool | None
    gaps: list[GapOut]
    unknown: list[str]
    valid_at: date
    known_at: datetime
    notes: list[str] = Field(
        description="What has to be said of the day and the instant, such as their future."
    )

    @classmethod
    def of(cls, compared: Compared) -> "CareerGapsOut":
        """Return the comparison as it is answered."""
        analysis = compared.analysis
        return cls(
            role=analysis.role.code,
            title=analysis.role.title,
            framework_version=compared.framework,
            policy_version=analysis.policy_version,
            complete=analysis.complete,
            gaps=[GapOut.of(each) for each in analysis.gaps],
            unknown=list(analysis.role.unknown),
            valid_at=compared.axes.valid_at,
            known_at=compared.axes.said_at,
            notes=list(compared.axes.notes),
        )
