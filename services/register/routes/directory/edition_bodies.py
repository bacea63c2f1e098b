"""An edition of the directory as one document, and how drafts and editions are shown."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StrictInt

from services.register.domain.directory.vocabulary import (
    BodyKind,
    CourseStatus,
    DeliveryModel,
    ModulePart,
    StatementBasis,
    TermKind,
)
from services.register.operations.directory.drafts import SeenDraft
from services.register.operations.directory.editions import SeenEdition
from services.register.routes.directory.statement_bodies import (
    Amount,
    Codes,
    FilledLine,
    Provenance,
    Statement,
)
from services.register.routes.fields import Body, Code, Day, Line, Sentence

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
"""A code that stands in addresses: small letters, digits and hyphens."""

Month = Annotated[str, Field(pattern=r"^(1[89]|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A month such as 2008-09."""

Revision = Annotated[StrictInt, Field(ge=1, le=100_000)]


class Term(Body):
    """A word of this edition for an element of content or an audience."""

    kind: TermKind
    code: Code
    title: FilledLine
    source: Provenance


class AwardingBody(Body):
    """An organisation that awards. Without a region it is national, or its place is not stated."""

    code: Slug
    title: FilledLine
    kind: BodyKind
    region: Code | None
    basis: StatementBasis = StatementBasis.STATED
    note: Sentence | None = None
    source: Provenance


class Award(Body):
    """What a course can end with. A level that no source states is null, and `level_note` says why."""

    title: FilledLine
    framework: Code | None
    level: Code | None
    level_as_printed: Line | None
    level_note: Sentence | None
    qualification: Code | None = Field(
        default=None, description="The entry of `GET /v1/qualifications` that a source says it is."
    )
    qualification_number: Annotated[str, Field(pattern=r"^[0-9]{3}/[0-9]{4}/[0-9X]$")] | None = None
    source: Provenance


class Course(Body):
    """A titled course of one awarding body; the days of its status are null where not stated."""

    code: Slug
    awarding_body: Slug
    title: FilledLine
    awards: Annotated[list[Award], Field(min_length=1, max_length=20)]
    status: CourseStatus
    since: Day | None = None
    until: Day | None = None
    note: Sentence | None = None
    source: Provenance


class FrameworkVersion(Body):
    """A version of the national framework for these qualifications."""

    code: Slug
    title: FilledLine
    published_in: Annotated[str, Field(pattern=r"^[12][0-9]{3}(-(0[1-9]|1[0-2]))?$")]
    voluntary: bool | None
    supersedes: Slug | None = None
    note: Sentence | None = None
    source: Provenance


class ModularLevel(Body):
    """A level at which a qualification of modules is offered."""

    title: FilledLine
    framework: Code | None
    level: Code | None
    source: Provenance


class Module(Body):
    """A module; its part and its credits are null where no source states them."""

    code: Slug
    title: FilledLine
    part: ModulePart | None
    credits: Amount | None
    settings: Codes = Field(default_factory=list)
    delivery: Annotated[list[DeliveryModel], Field(max_length=7)] = Field(default_factory=list)
    source: Provenance


class Combination(Body):
    """What makes the qualification: all core modules, so many optional ones, and so many credits."""

    minimum_optional: Amount | None
    minimum_credits: Amount | None
    source: Provenance


class ModularQualification(Body):
    """A qualification made of modules; without a combination no source states the rule yet."""

    code: Slug
    title: FilledLine
    status: CourseStatus
    months: Amount | None = None
    levels: Annotated[list[ModularLevel], Field(max_length=20)]
    modules: Annotated[list[Module], Field(max_length=200)]
    combination: Combination | None
    note: Sentence | None = None
    source: Provenance


class Organisation(Body):
    """An organisation that the sources name."""

    title: FilledLine
    source: Provenance


class CoverageRule(Body):
    """How many centres each region should have."""

    centres_per_region: Annotated[StrictInt, Field(ge=1, le=100)]
    source: Provenance


class EditionIn(Body):
    """An edition of the directory."""

    code: Slug
    title: FilledLine
    revision: Revision
    published_in: Month
    editors: Annotated[list[FilledLine], Field(min_length=1, max_length=20)]
    note: Sentence | None = None
    source: Provenance
    coverage_rule: CoverageRule
    terms: Annotated[list[Term], Field(max_length=500)]
    awarding_bodies: Annotated[list[AwardingBody], Field(min_length=1, max_length=500)]
    courses: Annotated[list[Course], Field(min_length=1, max_length=1000)]
    statements: Annotated[list[Statement], Field(max_length=5000)]
    framework_versions: Annotated[list[FrameworkVersion], Field(max_length=50)]
    modular_qualifications: Annotated[list[ModularQualification], Field(max_length=50)]
    organisations: Annotated[list[Organisation], Field(max_length=500)]


class EditionOut(BaseModel):
    """A published edition without its content."""

    code: str
    title: str
    revision: int
    published_in: str = Field(description="A month such as 2008-09.")
    published_at: datetime = Field(description="When the register published it.")

    @classmethod
    def of(cls, seen: SeenEdition) -> "EditionOut":
        """Return the edition as it is listed."""
        return cls(
            code=seen.code,
            title=seen.title,
            revision=seen.revision,
            published_in=month_of(seen.published_in),
            published_at=seen.published_at,
        )


class EditionPage(BaseModel):
    """Editions, the latest first."""

    items: list[EditionOut]
    next: str | None


class DraftHead(BaseModel):
    """A draft without its content."""

    code: str
    based_on: str | None
    worked_on_by: list[str]
    changed_at: datetime | None

    @classmethod
    def of(cls, seen: SeenDraft) -> "DraftHead":
        """Return the draft as it is listed."""
        return cls(
            code=seen.code,
            based_on=seen.based_on,
            worked_on_by=list(seen.worked_on_by),
            changed_at=seen.changed_at,
        )


class DraftPage(BaseModel):
    """Drafts, by their codes."""

    items: list[DraftHead]
    next: str | None


class DraftOut(DraftHead):
    """A draft; `state` says whether it is kept, was only tried, or is published already word for word."""

    state: Literal["kept", "tried", "published"]
    awarding_bodies: int
    courses: int
    awards: int
    document: EditionIn

    @classmethod
    def of(cls, seen: SeenDraft) -> "DraftOut":
        """Return the draft as it is read."""
        document = EditionIn.model_validate(seen.document)
        return cls(
            code=seen.code,
            based_on=seen.based_on,
            worked_on_by=list(seen.worked_on_by),
            changed_at=seen.changed_at,
            state=seen.state,
            awarding_bodies=len(document.awarding_bodies),
            courses=len(document.courses),
            awards=sum(len(course.awards) for course in document.courses),
            document=document,
        )


class NextEditionIn(Body):
    """Which edition is to be drafted from the latest."""

    code: Slug
    revision: Revision
    published_in: Month


def month_of(day: date) -> str:
    """Return a month such as 2008-09."""
    return day.strftime("%Y-%m")
