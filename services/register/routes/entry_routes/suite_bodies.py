"""Standards suites and competence policies as they are sent and as they are answered."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictBool, StrictInt, StringConstraints

from services.register.domain.entry_routes.suite import CompetencePolicy, Standard, Suite
from services.register.domain.qualification import Subject
from services.register.routes.fields import Body, Code, Day, Line
from services.register.routes.reference_bodies import ProvenanceOut

Text = Annotated[Line, StringConstraints(min_length=1)]
Slug = Annotated[Code, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Credits = Annotated[StrictInt, Field(ge=1, le=10_000)]
EMPTY: Any = Field(default_factory=list)
Codes = Annotated[list[Code], Field(max_length=500)]


class ProvenanceIn(Body):
    """Where it comes from, and what has to be said of that."""

    ref: Text
    note: Text | None = None


class RelatedIn(Body):
    """A standard of a suite that is published already, or of this one."""

    suite: Code
    standard: Code


class StandardIn(Body):
    """A standard: its title, or why that is not known."""

    code: Code
    title: Text | None = None
    unknown_because: Text | None = None
    credits: Credits | None = None
    related: Annotated[list[RelatedIn], Field(max_length=50), EMPTY]


class SuiteIn(Body):
    """A suite of standards in one version. Once it is published it never changes."""

    code: Slug
    name: Text
    version: Text
    owner: Text
    approved: Text | None = None
    standards: Annotated[list[StandardIn], Field(min_length=1, max_length=500)]
    complete: StrictBool
    incomplete_because: Text | None = None
    source: ProvenanceIn

    def body(self) -> dict[str, Any]:
        """Return the suite as it is stored, in the form of those that are shipped."""
        return self.model_dump(mode="json") | {"effective_from": None, "effective_to": None}


class CompetencePolicyIn(Body):
    """What is to be shown against a suite from a day on, and which level and size that equals."""

    code: Slug
    title: Text
    suite: Code
    required: Codes
    optional: Annotated[Codes, EMPTY]
    optional_credits: Annotated[StrictInt, Field(ge=0, le=10_000)] = 0
    framework: Code
    level: Code
    credits: Credits | None = None
    subject: Subject
    effective_from: Day
    effective_to: Day | None = None
    source: ProvenanceIn

    def body(self) -> dict[str, Any]:
        """Return the policy as it is stored, in the form of those that are shipped."""
        return self.model_dump(mode="json")


class RelatedOut(BaseModel):
    """A standard of another suite to which one is mapped."""

    suite: str
    standard: str


class StandardOut(BaseModel):
    """A standard; without a title it says why that is not known."""

    code: str
    title: str | None
    unknown_because: str | None
    credits: int | None
    related: list[RelatedOut]

    @classmethod
    def of(cls, standard: Standard) -> "StandardOut":
        """Return the standard as it is answered."""
        return cls(
            code=standard.code,
            title=standard.title,
            unknown_because=standard.unknown_because,
            credits=standard.credits,
            related=[RelatedOut(suite=suite, standard=code) for suite, code in standard.related],
        )


class SuiteOut(BaseModel):
    """A suite of standards in one version, as far as it is known."""

    code: str
    name: str
    version: str
    owner: str
    approved: str | None
    standards: list[StandardOut]
    complete: bool
    incomplete_because: str | None
    source: ProvenanceOut

    @classmethod
    def of(cls, suite: Suite) -> "SuiteOut":
        """Return the suite as it is answered."""
        return cls(
            code=suite.code,
            name=suite.name,
            version=suite.version,
            owner=suite.owner,
            approved=suite.approved,
            standards=[StandardOut.of(each) for each in suite.standards],
            complete=suite.complete,
            incomplete_because=suite.incomplete_because,
            source=ProvenanceOut(ref=suite.source, note=suite.note),
        )


class SuiteList(BaseModel):
    """A page of suites."""

    items: list[SuiteOut]
    next: str | None


class CompetencePolicyOut(BaseModel):
    """A competence policy. `effective_to` is the last day on which a route may begin under it."""

    code: str
    title: str
    suite: str
    required: list[str]
    optional: list[str]
    optional_credits: int
    framework: str
    level: str
    credits: int | None
    subject: str
    effective_from: date | None
    effective_to: date | None
    source: ProvenanceOut

    @classmethod
    def of(cls, policy: CompetencePolicy) -> "CompetencePolicyOut":
        """Return the policy as it is answered."""
        return cls(
            code=policy.code,
            title=policy.title,
            suite=policy.suite,
            required=sorted(policy.required),
            optional=sorted(policy.optional),
            optional_credits=policy.optional_credits,
            framework=policy.framework,
            level=policy.level,
            credits=policy.credits,
            subject=policy.subject,
            effective_from=policy.effective_from,
            effective_to=policy.effective_to,
            source=ProvenanceOut(ref=policy.source, note=policy.note),
        )


class CompetencePolicyList(BaseModel):
    """A page of competence policies."""

    items: list[CompetencePolicyOut]
    next: str | None
