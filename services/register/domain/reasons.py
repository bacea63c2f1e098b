"""The stable codes of why a verdict is what it is."""

from enum import StrEnum


class Reason(StrEnum):
    """The stable codes of why a verdict is what it is."""

    LICENCE_IN_FORCE = "licence-in-force"
    CONDITIONS_IN_FORCE = "conditions-in-force"
    SCOPE_EXCLUDES_PERSONAL_GUIDANCE = "scope-excludes-personal-guidance"
    NEVER_ADMITTED = "never-admitted"
    IN_GRACE = "in-grace"
    LICENCE_LAPSED = "licence-lapsed"
    NO_LICENCE_ISSUED = "no-licence-issued"
    NOT_ON_REGISTER = "not-on-register"
    SUSPENSION_IN_FORCE = "suspension-in-force"
    INTERIM_SUSPENSION_IN_FORCE = "interim-suspension-in-force"
    REMOVAL_IN_FORCE = "removal-in-force"
    RETIRED_FROM_REGISTER = "retired-from-register"
    MERGED_INTO_KEPT_NUMBER = "merged-into-kept-number"
    HOLDER_DECEASED = "holder-deceased"
    IN_NO_ASSOCIATION = "in-no-association"
    NUMBER_NEVER_ISSUED = "number-never-issued"
    NUMBER_MALFORMED = "number-malformed"
    DETAILS_DIFFER = "details-differ"
