"""Providers and accreditations as they are told and shown over HTTP."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field, StrictBool, StringConstraints

from services.kitemark.domain.providers.accreditation import Accreditation
from services.kitemark.domain.providers.provider import Circumstance, Closing, Outcome, Provider, Sector
from services.kitemark.operations.providers.accreditations import SeenAccreditation
from services.kitemark.operations.providers.providers import ListedProvider, SeenProvider
from services.kitemark.routes.fields import Body, Code, Day, Line, Sentence

MOST_CIRCUMSTANCES = 50
MOST_AREAS = 200
UkprnText = Annotated[str, StringConstraints(max_length=20)]
UkprnInPath = Annotated[UkprnText, Path(description="A UKPRN: eight digits.")]


class CircumstanceIn(Body):
    """What a provider does or is, or surely does not, between two days; left out, a day is an open end."""

    code: Code
    holds: StrictBool
    valid_from: Day | None = None
    valid_to: Day | None = None

    def told(self) -> Circumstance:
        """Return what is told."""
        return Circumstance(code=self.code, holds=self.holds, first=self.valid_from, last=self.valid_to)


class ProviderIn(Body):
    """A provider. What is left out is unknown, which is not the same as false."""

    name: Line
    trade_name: Line | None = None
    sector: Sector | None = None
    sole_trader: StrictBool | None = None
    publicly_funded: StrictBool | None = None
    local_authorities: Annotated[
        list[Code],
        Field(
            default_factory=list,
            max_length=MOST_AREAS,
            description="Three-digit codes of the areas that it serves.",
        ),
    ]
    circumstances: Annotated[list[CircumstanceIn], Field(default_factory=list, max_length=MOST_CIRCUMSTANCES)]

    def told(self) -> Provider:
        """Return what is told."""
        return Provider(
            name=self.name,
            trade_name=self.trade_name,
            sector=self.sector,
            sole_trader=self.sole_trader,
            publicly_funded=self.publicly_funded,
            local_authorities=tuple(self.local_authorities),
            circumstances=tuple(each.told() for each in self.circumstances),
        )


class ClosingIn(Body):
    """The last day of a provider; with the UKPRN of its successor where it merged or was succeeded."""

    closed_on: Day
    outcome: Outcome
    successor: UkprnText | None = None

    def told(self) -> Closing:
        """Return what is told."""
        return Closing(closed_on=self.closed_on, outcome=self.outcome, successor=self.successor)


class AccreditationIn(Body):
    """An accreditation. `valid_to` left out: the source gives no end; then `confirmed_on` is the last day on
    which the source listed it. `source` says where it was read."""

    ukprn: UkprnText
    standard: Code
    edition: Code | None = None
    valid_from: Day
    valid_to: Day | None = None
    confirmed_on: Day | None = None
    withdrawn_on: Day | None = None
    source: Annotated[Sentence, StringConstraints(min_length=1)]

    def told(self) -> Accreditation:
        """Return what is told."""
        return Accreditation(
            ukprn=self.ukprn,
            standard=self.standard,
            edition=self.edition,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            source=self.source,
            confirmed_on=self.confirmed_on,
            withdrawn_on=self.withdrawn_on,
        )


class CircumstanceOut(BaseModel):
    """A circumstance as it was told; a day that is null is an open end."""

    code: str
    holds: bool
    valid_from: date | None
    valid_to: date | None


class AccreditationOut(BaseModel):
    """An accreditation as its keeper tells it; `valid_to` null says that the source gives no end."""

    keeper: str
    accreditation_id: str
    ukprn: str
    standard: str
    edition: str | None
    valid_from: date
    valid_to: date | None
    confirmed_on: date | None
    withdrawn_on: date | None
    source: str
    known_from: datetime

    @classmethod
    def of(cls, held: SeenAccreditation) -> "AccreditationOut":
        """Return the accreditation as it is shown."""
        told = held.accreditation
        return cls(
            keeper=held.keeper,
            accreditation_id=held.own_id,
            ukprn=told.ukprn,
            standard=told.standard,
            edition=told.edition,
            valid_from=told.valid_from,
            valid_to=told.valid_to,
            confirmed_on=told.confirmed_on,
            withdrawn_on=told.withdrawn_on,
            source=told.source,
            known_from=held.known_from,
        )


class ClosingOut(BaseModel):
    """What became of a provider: its last day, and its successor."""

    closed_on: date
    outcome: Outcome
    successor: str | None


class TookOverOut(BaseModel):
    """A provider that went over into this one, and its last day."""

    ukprn: str
    closed_on: date
    outcome: Outcome


class ProviderLine(BaseModel):
    """A provider as it stands in a list; null is unknown."""

    ukprn: str
    name: str
    trade_name: str | None
    sector: Sector | None
    sole_trader: bool | None
    publicly_funded: bool | None
    local_authorities: list[str]
    circumstances: list[CircumstanceOut]

    @classmethod
    def of(cls, held: ListedProvider) -> "ProviderLine":
        """Return the provider as a list shows it."""
        told = held.provider
        return cls(
            ukprn=held.ukprn,
            name=told.name,
            trade_name=told.trade_name,
            sector=told.sector,
            sole_trader=told.sole_trader,
            publicly_funded=told.publicly_funded,
            local_authorities=list(told.local_authorities),
            circumstances=[
                CircumstanceOut(code=each.code, holds=each.holds, valid_from=each.first, valid_to=each.last)
                for each in told.circumstances
            ],
        )


class ProviderOut(ProviderLine):
    """A provider with what became of it and all its accreditations, as they were known."""

    closing: ClosingOut | None
    took_over: list[TookOverOut]
    accreditations: list[AccreditationOut]
    known_from: datetime

    @classmethod
    def seen(cls, seen: SeenProvider) -> "ProviderOut":
        """Return the provider as it is shown by itself."""
        closing = seen.closing
        return cls(
            **dict(ProviderLine.of(seen.held)),
            closing=closing
            and ClosingOut(closed_on=closing.closed_on, outcome=closing.outcome, successor=closing.successor),
            took_over=[
                TookOverOut(ukprn=ukprn, closed_on=each.closed_on, outcome=each.outcome)
                for ukprn, each in seen.took_over.items()
            ],
            accreditations=[AccreditationOut.of(each) for each in seen.accreditations],
            known_from=seen.held.known_from,
        )


class ProviderPage(BaseModel):
    """Some providers, and the cursor of the next page."""

    items: list[ProviderLine]
    next: str | None
