"""Statements of the directory, one shape for each kind: as registrars send them and as anyone reads them."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from services.register.domain.directory.vocabulary import (
    Availability,
    ContentCoverage,
    CourseStatus,
    DeliveryModel,
    EntryRequirement,
    Fit,
    ReviewResult,
    StatementBasis,
)
from services.register.routes.fields import Body, Code, Day, Line, Sentence

FilledLine = Annotated[Line, Field(min_length=1)]
Codes = Annotated[list[Code], Field(max_length=500)]
SomeCodes = Annotated[list[Code], Field(min_length=1, max_length=100)]
Amount = Annotated[StrictInt, Field(ge=0, le=1_000_000)]


class Provenance(Body):
    """Where a fact comes from: a tag of `GET /v1/sources`, and the place in that document."""

    ref: Code
    place: FilledLine


class About(Body):
    """What every statement has. Without courses and awarding bodies, it is about the directory as a whole.

    `basis` says how near the source comes: `stated` of this very thing; `of_provider`, of the awarding body
    and not of the course; `of_class`, of courses of this sort; `derived`, following from it as the note says.
    """

    courses: Codes = Field(default_factory=list)
    awarding_bodies: Codes = Field(default_factory=list)
    basis: StatementBasis = StatementBasis.STATED
    note: Sentence | None = None
    source: Provenance


class Delivery(About):
    """How courses are delivered."""

    kind: Literal["delivery"]
    model: DeliveryModel
    days: Annotated[StrictInt, Field(ge=1, le=1000)] | None = None


class Available(About):
    """From where courses can be taken: a region and how, or null for all of England."""

    kind: Literal["availability"]
    region: Code | None
    how: Availability


class Entry(About):
    """What a candidate needs; with several, one of them holds and the source does not say which."""

    kind: Literal["entry"]
    one_of: Annotated[list[EntryRequirement], Field(min_length=1, max_length=3)]


class Duration(About):
    """How long courses take, in months; null where no number is stated."""

    kind: Literal["duration"]
    mode: Literal["part_time", "full_time"]
    min_months: Amount | None
    max_months: Amount | None


class Assessment(About):
    """A component of assessment, so many of it for each course or module; lengths in words."""

    kind: Literal["assessment"]
    component: Literal[
        "written_assignment", "independent_study", "essay_or_reflective_journal", "portfolio", "examination"
    ]
    per: Literal["course", "module"] | None
    count: Amount | None
    min_words: Amount | None
    max_words: Amount | None


class Credit(About):
    """The credits of courses and the level at which they count."""

    kind: Literal["credit"]
    credits: Amount
    framework: Code | None
    level: Code | None


class Content(About):
    """How far courses cover elements of content, which are terms of the edition."""

    kind: Literal["content"]
    elements: SomeCodes
    coverage: ContentCoverage


class ForSettings(About):
    """The settings that courses are made for, or open to."""

    kind: Literal["setting"]
    settings: SomeCodes
    fit: Fit


class ForAudiences(About):
    """The people whom courses are made for, or open to; terms of the edition."""

    kind: Literal["audience"]
    audiences: SomeCodes
    fit: Fit


class Cadence(About):
    """How often courses recruit: once in so many years."""

    kind: Literal["cadence"]
    min_years: Annotated[StrictInt, Field(ge=1, le=50)]
    max_years: Annotated[StrictInt, Field(ge=1, le=50)]


class Partner(About):
    """An organisation that has a part in courses beside the awarding body."""

    kind: Literal["partner"]
    organisation: FilledLine
    roles: Annotated[
        list[Literal["initiate", "plan", "review", "offer", "teach", "tutor", "fund", "promote", "support"]],
        Field(min_length=1, max_length=9),
    ]


class Funding(About):
    """Who pays what of the cost of taking courses; `capped` where it is up to a maximum."""

    kind: Literal["funding"]
    payers: Annotated[
        list[Literal["connexions_or_local_authority", "learning_and_skills_council", "school", "individual"]],
        Field(min_length=1, max_length=4),
    ]
    covers: Annotated[list[Literal["fees", "supply_cover", "start_up"]], Field(min_length=1, max_length=3)]
    share: Literal["all", "part", "all_or_part"] | None
    capped: StrictBool = False


class Progression(About):
    """Where courses lead: into another programme, or with exemption from a part of it."""

    kind: Literal["progression"]
    relation: Literal["progression", "part_exemption"]
    to: FilledLine
    to_course: Code | None


class Standard(About):
    """Occupational standards on which courses rest."""

    kind: Literal["standard"]
    standard: FilledLine
    year: Annotated[StrictInt, Field(ge=1900, le=2999)] | None


class SelfReview(About):
    """What came of a provider's review against a version of the framework, and which gaps are left."""

    kind: Literal["self_review"]
    framework_version: Code
    result: ReviewResult
    reviewed_on: Day | None
    gaps: Codes = Field(default_factory=list)


class Participation(About):
    """How many took part in a year, or how the numbers move."""

    kind: Literal["participation"]
    year: Annotated[Line, Field(pattern=r"^[0-9]{4}(-[0-9]{2})?$")] | None
    at_least: Amount | None
    at_most: Amount | None
    estimate: StrictBool
    trend: Literal["falling", "steady", "rising"] | None


class LeadTime(About):
    """How long it takes to set a course up."""

    kind: Literal["lead_time"]
    undertaking: Literal["adapting_a_programme", "new_approval"]
    min_months: Amount | None
    max_months: Amount | None


class Development(About):
    """A course beside the directory: one that is to come, or one that is no more."""

    kind: Literal["development"]
    title: FilledLine
    provider: Line | None
    status: CourseStatus
    credits: Amount | None = None
    level_as_printed: Line | None = None


class Finding(About):
    """Something that a source found and that no other kind holds."""

    kind: Literal["finding"]
    topic: Literal[
        "barrier", "choice_factor", "completion", "content_change", "employer_support", "origin", "promotion",
        "participant_profile", "planned_change", "provision", "recommendation", "special_schools",
        "training_needs",
    ]  # fmt: skip
    code: Code
    text: Annotated[Sentence, Field(min_length=1)]


Statement = Annotated[
    Delivery
    | Available
    | Entry
    | Duration
    | Assessment
    | Credit
    | Content
    | ForSettings
    | ForAudiences
    | Cadence
    | Partner
    | Funding
    | Progression
    | Standard
    | SelfReview
    | Participation
    | LeadTime
    | Development
    | Finding,
    Field(discriminator="kind"),
]
