"""Organisations that employ careers professionals: what they are, and what became of them."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from shared.errors import Conflict, Unprocessable


class UkprnMalformed(Unprocessable):
    """A UKPRN has eight digits."""


class OrganisationNameMissing(Unprocessable):
    """An organisation needs a name."""


class OrganisationClosed(Conflict):
    """This organisation closed on {closed_on}: name its successor, or another organisation."""


class SuccessorNotPossible(Unprocessable):
    """An organisation cannot be its own successor, nor be followed by one that closed before it."""


class Sector(StrEnum):
    """Who owns it."""

    PUBLIC = "public"
    PRIVATE = "private"
    THIRD = "third"


class OrganisationKind(StrEnum):
    """What it is."""

    SCHOOL = "school"
    COLLEGE = "college"
    HIGHER_EDUCATION = "higher_education"
    LOCAL_AUTHORITY = "local_authority"
    COMPANY = "company"
    CHARITY = "charity"
    SOLE_TRADER = "sole_trader"
    ALL_AGE_SERVICE = "all_age_service"
    ALL_AGE_SERVICE_CONTRACTOR = "all_age_service_contractor"
    TRADE_BODY = "trade_body"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation:
    """An organisation as it is known; None is unknown, and for ``closed_on`` still open."""

    name: str
    sector: Sector
    kind: OrganisationKind
    publicly_funded: bool | None = None
    trade_body_id: int | None = None
    closed_on: date | None = None
    successor_id: int | None = None


def checked_ukprn(text: str) -> str:
    """Return a UKPRN, or refuse what is none."""
    if not (len(text) == 8 and text.isascii() and text.isdigit()):
        raise UkprnMalformed
    return text


def described(told: Organisation) -> Organisation:
    """Return an organisation with its name tidied, or refuse one without a name."""
    name = " ".join(told.name.split())
    if not name:
        raise OrganisationNameMissing
    return replace(told, name=name)


def close(
    held: Organisation, *, own_id: int, on: date, successor_id: int | None, successor: Organisation | None
) -> Organisation:
    """Return the organisation with ``on`` as its last day, merged into its successor if it has one."""
    if held.closed_on is not None:
        raise OrganisationClosed(closed_on=held.closed_on.isoformat())
    if successor_id == own_id or (
        successor and successor.closed_on is not None and successor.closed_on <= on
    ):
        raise SuccessorNotPossible
    return replace(held, closed_on=on, successor_id=successor_id)
