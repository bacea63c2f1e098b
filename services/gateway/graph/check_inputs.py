"""What is told of a check through the graph, and the question that it is."""

import re
import unicodedata
from datetime import date, datetime

import strawberry

from services.gateway.clients.register import SecondFact
from services.gateway.operations.checks.assurances import AssuranceQuestion
from services.gateway.operations.checks.checks import AdviserQuestion
from shared.errors import FieldError
from shared.problems import InputNotValid

LONGEST_NUMBER, LONGEST_NAME = 64, 200
_KEY_OF_ORGANISATION = re.compile(r"[0-9A-Za-z:-]{1,20}", re.ASCII)


@strawberry.input(description="What is known besides the number; it is compared and not kept.")
class SecondFactInput:
    """As in `POST /v1/checks`."""

    family_name: str | None = strawberry.field(default=None, description="The family name.")
    date_of_birth: date | None = strawberry.field(default=None, description="The day of birth.")


@strawberry.input(description="An adviser to be checked, and what for.")
class CheckInput:
    """As in `POST /v1/checks`."""

    number: str = strawberry.field(description="The registration number as it was typed.")
    purpose: str = strawberry.field(description="What for: a code of `GET /v1/check-policies`.")
    second_fact: SecondFactInput | None = strawberry.field(
        default=None, description="Something else that is known of the person."
    )
    valid_at: date | None = strawberry.field(default=None, description="For this day; today without one.")
    known_at: datetime | None = strawberry.field(default=None, description="As was known at this instant.")


@strawberry.input(
    description="What is to be assured, and what for: a school with all who work there, or whom you name."
)
class AssuranceCheckInput:
    """As in `POST /v1/assurance-checks`."""

    purpose: str = strawberry.field(description="What for: a code of `GET /v1/check-policies`.")
    school: str | None = strawberry.field(default=None, description="The URN of a school.")
    adviser: str | None = strawberry.field(default=None, description="A registration number.")
    provider: str | None = strawberry.field(default=None, description="The UKPRN of a provider.")
    valid_at: date | None = strawberry.field(default=None, description="For this day; today without one.")
    known_at: datetime | None = strawberry.field(default=None, description="As was known at this instant.")


def adviser_question(told: CheckInput) -> AdviserQuestion:
    """Return what is asked; raises InputNotValid."""
    fact = told.second_fact
    wrong = [
        *_one_line("/number", told.number, longest=LONGEST_NUMBER),
        *_one_line("/secondFact/familyName", fact.family_name if fact else None, longest=LONGEST_NAME),
    ]
    if wrong:
        raise InputNotValid(errors=wrong)
    given = (
        None if fact is None else SecondFact(family_name=fact.family_name, date_of_birth=fact.date_of_birth)
    )
    return AdviserQuestion(
        number=told.number,
        purpose=told.purpose,
        second_fact=given if given is not None and given.as_row() else None,
        valid_at=told.valid_at,
        known_at=told.known_at,
    )


def assurance_question(told: AssuranceCheckInput) -> AssuranceQuestion:
    """Return what is asked; raises InputNotValid."""
    wrong = [
        *_one_line("/adviser", told.adviser, longest=LONGEST_NUMBER),
        *_key("/school", told.school),
        *_key("/provider", told.provider),
    ]
    if wrong:
        raise InputNotValid(errors=wrong)
    return AssuranceQuestion(
        purpose=told.purpose,
        school=told.school,
        adviser=told.adviser,
        provider=told.provider,
        valid_at=told.valid_at,
        known_at=told.known_at,
    )


def _one_line(pointer: str, text: str | None, *, longest: int) -> list[FieldError]:
    if text is None:
        return []
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text):
        return [FieldError(pointer, "control-character", "This may not contain control characters.")]
    if not 0 < len(text) <= longest:
        return [FieldError(pointer, "length", f"This has 1 to {longest} characters.")]
    return []


def _key(pointer: str, text: str | None) -> list[FieldError]:
    if text is None or _KEY_OF_ORGANISATION.fullmatch(text):
        return []
    return [FieldError(pointer, "not-a-key", "This has 1 to 20 letters, digits, colons and hyphens.")]
