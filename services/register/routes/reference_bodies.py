"""Reference data as it is listed, each entry with where it comes from; and a policy as it is sent."""

from datetime import date
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, Field, StrictBool, StrictInt

from services.register.domain.policy import MembershipLevel, Scope
from services.register.routes.fields import Body, Code, Day, Line
from services.register.routes.renewal.policy_bodies import RenewalRulesOut, TransitionIn, TransitionOut

Item = TypeVar("Item")

CAVEAT = "The table compares broadly; it never decides who may be admitted."


def _is_absent(part: object) -> bool:
    """Leave out what a policy that was published before there was any such thing does not have."""
    return part is None


class ListOut(BaseModel, Generic[Item]):
    """A page of a list, and the cursor of the next one where there is one."""

    items: list[Item]
    next: str | None


class ProvenanceOut(BaseModel):
    """Where an entry comes from: tags of `GET /v1/sources`, and what has to be said of them."""

    ref: str
    note: str | None = None


class SourceOut(BaseModel):
    """A document that reference data were taken from."""

    code: str
    title: str
    address: str | None


class Sourced(BaseModel):
    """An entry with its days, both included and null where not known, and its provenance."""

    code: str
    effective_from: date | None
    effective_to: date | None
    source: ProvenanceOut


class Titled(Sourced):
    """An entry with a title."""

    title: str


class AssociationOut(Titled):
    """A professional association of the alliance."""

    aliases: list[str]
    home_country: str | None


class FrameworkOut(Titled):
    """A qualifications framework and its levels, lowest first. A level means nothing without it."""

    nations: str | None
    levels: list[str]


class LevelEquivalenceOut(Sourced):
    """One row of the official table: levels that compare broadly, by framework."""

    levels: dict[str, list[str]]
    caveat: str = Field(description=CAVEAT)


class HigherEducationCycleOut(LevelEquivalenceOut):
    """Awards of higher education, with their levels by framework."""

    awards: list[str]
    cycle: str


class QualificationOut(Titled):
    """A qualification that sources speak of; what they do not state is null."""

    aliases: list[str]
    awarding_bodies: list[str]
    framework: str | None
    level: str | None
    level_as_printed: str | None
    credits: int | None
    subject: str | None
    sector: str | None = Field(description="The sector that a source names; null where none does.")
    recognition: str = Field(description="Whether it is on the recognised list, related to it, or pending.")
    predecessors: list[str]
    notes: str | None


class SpecialismOut(Titled):
    """A field in which careers professionals specialise."""

    aliases: list[str]


class RegionOut(Titled):
    """A region, with the code of the Office for National Statistics where a source gives it."""

    home_country: str
    ons_code: str | None


class LanguageOut(Titled):
    """A language of practice; the code is the shortest that ISO 639 has for it."""

    aliases: list[str]
    iso_639_3: str


class ClientGroupOut(Titled):
    """A group of people who are helped; ``ages`` in the words of the source, null where it has none."""

    aliases: list[str]
    ages: str | None


class RoleOut(Titled):
    """What people work as."""

    kind: str
    levels: dict[str, list[str]]


class MembershipLevelOut(Titled):
    """A level of membership, and what it asks for in words."""

    entry: str
    on_register: bool
    categories: list[str]
    cpd: str


class Tag(BaseModel):
    """A tag of `GET /v1/sources`."""

    ref: str


class Principle(BaseModel):
    """A principle of a code of ethics."""

    title: str
    source: Tag


class CodeOfEthicsOut(Titled):
    """A version of a code of ethics; `complete` says whether all its principles are known."""

    owner: str
    status: str
    principles: list[Principle]
    complete: bool


class ThresholdOut(BaseModel):
    """Which levels of one framework count, and how many credits a qualification needs."""

    framework: str
    levels: list[str]
    minimum_credits: int | None
    source: str


class LevelRuleOut(BaseModel):
    """What a membership level asks for; without thresholds, it asks for no qualification."""

    level: MembershipLevel
    rule_id: str
    relevance_required: bool
    thresholds: list[ThresholdOut]


class ScopeRuleOut(BaseModel):
    """What a scope of practice asks for, and in which subjects."""

    scope: Scope
    rule_id: str
    subjects: list[str]
    thresholds: list[ThresholdOut]


class EntryRulesOut(BaseModel):
    """The conditions of entry; a proposal has no day on which it begins."""

    version: str
    effective_from: date | None
    levels: list[LevelRuleOut]
    scopes: list[ScopeRuleOut]
    source: str
    transition: TransitionOut | None = Field(default=None, exclude_if=_is_absent)


class Exclusion(BaseModel):
    """A framework whose levels count for nothing, and why."""

    framework: str
    reason: str


class EntryPolicyOut(Titled):
    """A version of the conditions of entry: adopted from a day on, or only proposed."""

    status: str
    policy: EntryRulesOut
    frameworks_without_threshold: list[Exclusion]


class LicenceTermsOut(BaseModel):
    """How long a licence lasts, and how long its holder has to renew it.

    A version without rules of renewal was published before there were any.
    """

    version: str
    effective_from: date
    term_months: int
    grace_days: int
    source: str
    renewal: RenewalRulesOut | None = Field(default=None, exclude_if=_is_absent)


class LicencePolicyOut(Titled):
    """A version of the terms of a licence."""

    status: str
    policy: LicenceTermsOut


class Quotation(BaseModel):
    """What a source says, word for word."""

    quote: str
    source: Tag


class SchemeOut(Titled):
    """A scheme that sources name and do not define: what they say of it, and what they leave open."""

    status: str
    rule: None = Field(description="Null: no source gives one, and none is invented.")
    stated: list[Quotation]
    not_stated: list[str]


class ThresholdIn(Body):
    """Which levels of one framework count, and how many credits a qualification needs; null for any size."""

    framework: Code
    levels: Annotated[list[Code], Field(min_length=1, max_length=30)]
    minimum_credits: Annotated[StrictInt, Field(ge=1, le=10_000)] | None
    source: Annotated[Line, Field(min_length=1)]


Thresholds = Annotated[list[ThresholdIn], Field(max_length=30)]


class LevelRuleIn(Body):
    """What a membership level asks for."""

    level: MembershipLevel
    rule_id: Code
    relevance_required: StrictBool
    thresholds: Thresholds


class ScopeRuleIn(Body):
    """What a scope of practice asks for."""

    scope: Scope
    rule_id: Code
    subjects: Annotated[list[Code], Field(min_length=1, max_length=20)]
    thresholds: Thresholds


class EntryPolicyIn(Body):
    """The conditions of entry from a later day on."""

    version: Code
    title: Annotated[Line, Field(min_length=1)]
    effective_from: Day
    levels: Annotated[list[LevelRuleIn], Field(max_length=10)]
    scopes: Annotated[list[ScopeRuleIn], Field(max_length=10)]
    source: Annotated[Line, Field(min_length=1)]
    transition: TransitionIn | None = None
