"""An offer of CPD: what somebody can learn where, from whom, at what cost, and how current that is."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shared.errors import FieldError, NotFound, Unprocessable

LISTED = "alliance"
"""Whose offers those are that sources name and no association keeps."""


class NoSuchOffer(NotFound):
    """There is no such offer in the catalogue, or it is not yours to change."""


class OfferNotPlausible(Unprocessable):
    """This offer cannot be right: see errors for what to mend."""


class Delivery(StrEnum):
    """How an offer is taken up."""

    E_LEARNING = "e_learning"
    DISTANCE = "distance"
    TAUGHT = "taught"
    WORKSHOP = "workshop"
    CONFERENCE = "conference"
    RESOURCE = "resource"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """An offer as its keeper tells it; None is not known, and no cost is a cost of nought.

    A level never stands without its framework: a bare number says nothing (the official table never decides
    what is equal). ``related`` are offers by keeper and id, such as ``alliance/lmi-module``.
    """

    title: str
    provider: str
    delivery: Delivery
    description: str | None = None
    audience: tuple[str, ...] = ()
    region: str | None = None
    place: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    hours: Decimal | None = None
    framework: str | None = None
    level: str | None = None
    credits: int | None = None
    cost_pounds: Decimal | None = None
    accreditation: str | None = None
    outcomes: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    specialisms: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    address: str | None = None
    moved_from: str | None = None
    code_of_practice_signed: bool | None = None
    confirmed_on: date | None = None
    withdrawn: bool = False
    source: str | None = None


def check(offer: Offer, *, today: date) -> None:
    """Refuse days in the wrong order, currency confirmed in the future, a level without its framework, and an
    address that is no page of the web. Raises OfferNotPlausible."""
    errors: list[FieldError] = []
    if offer.starts_on and offer.ends_on and offer.ends_on < offer.starts_on:
        errors.append(FieldError("/ends_on", "ends-early", "An offer cannot end before it begins."))
    if offer.confirmed_on and offer.confirmed_on > today:
        errors.append(FieldError("/confirmed_on", "in-the-future", "Nobody has confirmed it yet."))
    if offer.level is not None and offer.framework is None:
        errors.append(FieldError("/framework", "missing", "Say of which framework this level is."))
    for name in ("address", "moved_from"):
        given = getattr(offer, name)
        if given is not None and not re.fullmatch(r"https?://[^\s<>\"]{3,290}", given):
            errors.append(FieldError(f"/{name}", "not-a-page", "Give the address of a page: https://…"))
    if errors:
        raise OfferNotPlausible(errors=errors)


def folded(text: str) -> str:
    """Return text as it is searched: without accents, capitals and marks."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(each for each in bare if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", kept).split())


def search_key(offer: Offer) -> str:
    """Return the words by which an offer is found."""
    return folded(f"{offer.title} {offer.provider} {offer.description or ''}")
