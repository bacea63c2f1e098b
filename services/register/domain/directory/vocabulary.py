"""The words in which the directory speaks of courses: those that a rule of the register reads.

Words that no rule reads, such as the elements of content, are terms of an edition: the next may have others.
"""

from enum import StrEnum


class StatementKind(StrEnum):
    """What a statement is about."""

    DELIVERY = "delivery"
    AVAILABILITY = "availability"
    ENTRY = "entry"
    DURATION = "duration"
    ASSESSMENT = "assessment"
    CREDIT = "credit"
    CONTENT = "content"
    SETTING = "setting"
    AUDIENCE = "audience"
    CADENCE = "cadence"
    PARTNER = "partner"
    FUNDING = "funding"
    PROGRESSION = "progression"
    STANDARD = "standard"
    SELF_REVIEW = "self_review"
    PARTICIPATION = "participation"
    LEAD_TIME = "lead_time"
    DEVELOPMENT = "development"
    FINDING = "finding"


class StatementBasis(StrEnum):
    """How far a source speaks of the very thing that a statement is about."""

    STATED = "stated"
    OF_PROVIDER = "of_provider"
    OF_CLASS = "of_class"
    DERIVED = "derived"


class BodyKind(StrEnum):
    """What kind of organisation awards."""

    HIGHER_EDUCATION = "higher_education"
    AWARDING_ORGANISATION = "awarding_organisation"


class CourseStatus(StrEnum):
    """Where a course is in its life."""

    PROPOSED = "proposed"
    RUNNING = "running"
    SUSPENDED = "suspended"
    DISCONTINUED = "discontinued"


class DeliveryModel(StrEnum):
    """How a course is delivered. `taught` is said where a source does not tell the place."""

    TAUGHT = "taught"
    TAUGHT_AT_UNIVERSITY = "taught_at_university"
    TAUGHT_AT_REGIONAL_CENTRE = "taught_at_regional_centre"
    E_LEARNING = "e_learning"
    DISTANCE_LEARNING = "distance_learning"
    BLENDED_WITH_TUTORIALS = "blended_with_tutorials"
    WORK_BASED = "work_based"


class Availability(StrEnum):
    """How a course can be reached from a region; `national` means from all of England."""

    TAUGHT = "taught"
    TAUGHT_AT_UNIVERSITY = "taught_at_university"
    TAUGHT_AT_REGIONAL_CENTRE = "taught_at_regional_centre"
    CROSS_REGION_PARTNERSHIP = "cross_region_partnership"
    NATIONAL = "national"


TAUGHT_MODELS = frozenset(
    {DeliveryModel.TAUGHT, DeliveryModel.TAUGHT_AT_UNIVERSITY, DeliveryModel.TAUGHT_AT_REGIONAL_CENTRE}
)
TAUGHT_PROVISION = frozenset(set(Availability) - {Availability.NATIONAL})


class EntryRequirement(StrEnum):
    """What a candidate has to have."""

    NONE = "none"
    UNDERGRADUATE_STUDY = "evidence_of_undergraduate_study"
    DEGREE = "degree"


class Fit(StrEnum):
    """Whether a course was made for a setting or an audience, or is open to it as well."""

    DESIGNED_FOR = "designed_for"
    OPEN_TO = "open_to"


class ContentCoverage(StrEnum):
    """How far a course covers an element of content."""

    COVERED = "covered"
    IN_PART = "in_part"
    NOT_COVERED = "not_covered"


class ReviewResult(StrEnum):
    """What came of a provider's review of its courses against a national framework."""

    NOT_REVIEWED = "not_reviewed"
    FEW_CHANGES = "few_changes"
    MINOR_CHANGES = "minor_changes"
    REVISED = "revised"


class ModulePart(StrEnum):
    """Whether everybody takes a module."""

    CORE = "core"
    OPTIONAL = "optional"


class TermKind(StrEnum):
    """What a term of an edition names."""

    CONTENT = "content"
    AUDIENCE = "audience"
