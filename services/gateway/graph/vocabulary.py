"""The closed vocabularies of the graph, letter for letter those of REST."""

from enum import Enum
from typing import Any

import strawberry


def _word(value: str, description: str) -> Any:
    return strawberry.enum_value(value, description=description)


@strawberry.enum(description="What the register says about a number.")
class Verdict(Enum):
    """The verdict; a word here is the word in REST, in batches, on the page and in receipts."""

    licensed = _word("licensed", "A licence to practise is in force.")
    licensed_with_conditions = _word(
        "licensed_with_conditions", "A licence is in force, and `conditions` must be kept to."
    )
    not_licensed = _word("not_licensed", "Known, but never admitted to the register.")
    lapsed = _word("lapsed", "The licence has ended and was not renewed.")
    suspended = _word("suspended", "Suspended, for the time being or until a day: must not practise.")
    removed = _word("removed", "Removed from the register: must not practise.")
    retired = _word("retired", "Retired from the register: no longer practises.")
    merged = _word("merged", "The number was joined to `keptNumber`, which holds the record.")
    never_issued = _word("never_issued", "A possible number that was never given to anybody.")
    malformed = _word("malformed", "What was asked cannot be a registration number.")
    details_do_not_match = _word(
        "details_do_not_match", "The number exists, but the second fact given with it differs."
    )


@strawberry.enum(description="What a licence allows its holder to do.")
class Scope(Enum):
    """A scope of practice."""

    personal_guidance = _word("personal_guidance", "To give personal careers guidance to individuals.")
    careers_leadership = _word(
        "careers_leadership", "To lead careers work in a school or college; not to give personal guidance."
    )


@strawberry.enum(description="The level of membership of a professional association.")
class MembershipLevel(Enum):
    """A level of membership, highest first."""

    professional = _word("professional", "Holds an authenticated qualification at Level 6 or above.")
    associate = _word("associate", "Holds an authenticated qualification at Level 3, 4 or 5.")
    affiliate = _word("affiliate", "Open to anyone with an interest, students among them.")


@strawberry.enum(description="What a sanction does, mildest first.")
class SanctionKind(Enum):
    """A kind of sanction."""

    conditions = _word("conditions", "May practise only while keeping to the conditions.")
    interim_suspension = _word("interim_suspension", "Suspended while a concern is looked into.")
    suspension = _word("suspension", "Suspended after a decision.")
    removal = _word("removal", "Removed from the register.")


@strawberry.enum(description="Where somebody stands with CPD.")
class CpdWord(Enum):
    """A standing; a word here is the word in REST."""

    met = _word("met", "Everything that is asked of this year is there.")
    on_track = _word("on_track", "Something is missing, and there is time.")
    short = _word("short", "Something is missing, and the time for it is over.")
    declared = _word("declared", "Declared by the member, as an Associate may.")
    not_required = _word("not_required", "Nothing is asked.")
    deferred = _word("deferred", "Put off, or exempt, by decision.")
    under_audit = _word("under_audit", "Drawn for an audit that is not decided.")
    failed = _word("failed", "An audit has finally found that it does not meet what is asked.")


@strawberry.enum(description="Whether a school holds the national mark of quality.")
class MarkWord(Enum):
    """A mark, best first; a word here is the word in REST."""

    fully_meets = _word("fully_meets", "Fully meets the national standard.")
    progressing = _word("progressing", "Is making good progress towards fully meeting it.")
    committed = _word("committed", "Has committed itself to work towards it.")
    unknown = _word("unknown", "Holds an award, and what it means nationally is not known.")
    withdrawn = _word("withdrawn", "Its award was withdrawn.")
    expired = _word("expired", "Its award has ended.")
    none = _word("none", "No award is recorded.")


@strawberry.enum(description="Whether a provider has the accreditations that are asked of it.")
class ComplianceWord(Enum):
    """An answer, the gravest first; a word here is the word in REST."""

    not_compliant = _word("not_compliant", "An accreditation that is required is missing.")
    unknown = _word("unknown", "It rests on something that nobody told.")
    recommended_and_missing = _word("recommended_and_missing", "One that is recommended is missing.")
    compliant = _word("compliant", "It has what is asked of it.")
    not_required = _word("not_required", "Nothing is asked of it.")
