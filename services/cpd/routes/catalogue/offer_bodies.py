"""Offers of the catalogue as they are sent and shown."""

from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, Field

from services.cpd.domain.catalogue.offer import Delivery, Offer
from services.cpd.operations.catalogue.offers import SeenOffer
from services.cpd.routes.fields import Body, Code, Day, Hours, Line, Sentence

Title = Annotated[Line, Field(min_length=1)]
Codes = Annotated[list[Code], Field(default_factory=list, max_length=30)]
Texts = Annotated[list[Line], Field(default_factory=list, max_length=30)]
Pounds = Annotated[float, Field(ge=0, le=1_000_000)]


class OfferIn(Body):
    """An offer in full: what is left out is not known. A cost of 0 is free of charge."""

    title: Title
    provider: Title
    delivery: Delivery
    description: Sentence | None = None
    audience: Texts
    region: Code | None = None
    place: Line | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    hours: Hours | None = None
    framework: Code | None = None
    level: Code | None = None
    credits: Annotated[int, Field(ge=1, le=10_000, strict=True)] | None = None
    cost_pounds: Pounds | None = None
    accreditation: Line | None = None
    outcomes: Texts
    standards: Codes
    specialisms: Codes
    related: Codes
    address: Line | None = None
    moved_from: Line | None = None
    code_of_practice_signed: bool | None = None
    confirmed_on: Day | None = None
    withdrawn: bool = False

    def told(self) -> Offer:
        """Return the offer as it is told."""
        given: dict[str, Any] = {}
        for name in OfferIn.model_fields:
            value = getattr(self, name)
            given[name] = tuple(value) if isinstance(value, list) else value
        cost = self.cost_pounds
        given["cost_pounds"] = None if cost is None else round(Decimal(str(cost)), 2)
        return Offer(**given)


class OfferOut(BaseModel):
    """An offer as anybody sees it; null is not known. `source` tells where one is from that nobody keeps."""

    association: str
    offer_id: str
    title: str
    provider: str
    delivery: Delivery
    description: str | None
    audience: list[str]
    region: str | None
    place: str | None
    starts_on: date | None
    ends_on: date | None
    hours: float | None
    framework: str | None
    level: str | None
    credits: int | None
    cost_pounds: float | None
    accreditation: str | None
    outcomes: list[str]
    standards: list[str]
    specialisms: list[str]
    related: list[str]
    address: str | None
    moved_from: str | None
    code_of_practice_signed: bool | None
    confirmed_on: date | None
    withdrawn: bool
    source: str | None
    known_from: datetime

    @classmethod
    def of(cls, held: SeenOffer) -> "OfferOut":
        """Return the offer as it is shown."""
        return cls(
            association=held.association,
            offer_id=held.offer_id,
            known_from=held.known_from,
            **{field.name: getattr(held.offer, field.name) for field in fields(Offer)},
        )


class OfferPage(BaseModel):
    """Some offers, and the cursor of the next page."""

    items: list[OfferOut]
    next: str | None


class OfferVersions(BaseModel):
    """Every version of an offer, the oldest first."""

    items: list[OfferOut]
