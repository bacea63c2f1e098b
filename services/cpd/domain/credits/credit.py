"""Credit that a person holds: a module finished, recognised from prior learning, or exempted from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.cpd.domain.credits.module import CreditValue, Module
from shared.errors import Conflict, FieldError, NotFound, Unprocessable


class NoSuchCredit(NotFound):
    """There is no such credit, or it is not one of yours."""


class CreditNotPlausible(Unprocessable):
    """This credit cannot be right: see errors for what to mend."""


class CreditVoided(Conflict):
    """This credit was voided, and stays so: record it anew, with another id."""


class CreditOfAnotherPerson(Conflict):
    """This credit id is recorded for somebody else: take another id, or void that credit."""


class CreditTwiceInBatch(Unprocessable):
    """This credit id stands in the batch more than once: only the first is looked at."""


class CreditSource(StrEnum):
    """How somebody came by credit. An exemption meets what asks for its module, and brings no credits."""

    EARNED = "earned"
    RECOGNISED = "recognised"
    EXEMPTED = "exempted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What an association tells of credit of one of its members; the module is ``association/id``."""

    number: str
    module: str
    module_version: str
    awarded_on: date
    reference: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit:
    """Credit as it stands in the bank: its worth and its giver are the module's on the day it was told."""

    number: str
    module: str
    module_version: str
    value: CreditValue
    awarding_body: str
    awarded_on: date
    source: CreditSource = CreditSource.EARNED
    reference: str | None = None


def credit_of(told: Told, module: Module | None, *, today: date) -> Credit:
    """Return the credit that a module version gives.

    Raises CreditNotPlausible for a version that nobody told, a day in the future, and one before the version
    took effect.
    """
    errors: list[FieldError] = []
    if told.awarded_on > today:
        errors.append(FieldError("/awarded_on", "in-the-future", "Credit is recorded when it was awarded."))
    if module is None:
        detail = f"No association has told of a version {told.module_version} of {told.module}."
        errors.append(FieldError("/module", "not-known", detail))
    elif told.awarded_on < module.effective_from:
        detail = f"This version takes effect on {module.effective_from.isoformat()}: name the one before."
        errors.append(FieldError("/module_version", "not-in-effect", detail))
    if errors or module is None:
        raise CreditNotPlausible(errors=errors)
    return Credit(
        number=told.number,
        module=told.module,
        module_version=told.module_version,
        value=module.value,
        awarding_body=module.awarding_body,
        awarded_on=told.awarded_on,
        reference=told.reference,
    )


def check_amendable(held: Credit, *, voided: bool, same_person: Sequence[str]) -> None:
    """Refuse to change voided credit, and to make it somebody else's; the numbers are one person's."""
    if voided:
        raise CreditVoided
    if held.number not in same_person:
        raise CreditOfAnotherPerson
