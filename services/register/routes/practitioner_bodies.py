"""Practitioners as they are answered: one class for each audience, so that no field slips into another's."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.register.domain.member import NO_CONTACT
from services.register.domain.membership import LevelDecision
from services.register.domain.policy import MembershipLevel
from services.register.operations.holdings import SeenHolding
from services.register.operations.practitioners import Practitioner, Record, SeenMembership
from services.register.routes.fields import Body, NumberText
from services.register.routes.holding_bodies import HoldingOut
from services.register.routes.licences import VerdictOut
from services.register.routes.member_bodies import MissingOut, NameOut
from shared.disclosures import PRIVATE

MOST_NUMBERS = 1000


class PractitionersIn(Body):
    """The numbers to look up."""

    numbers: Annotated[list[NumberText], Field(min_length=1, max_length=MOST_NUMBERS)]


class VerdictOnly(BaseModel):
    """A number of which no more than the verdict is public: nobody's, or of somebody never admitted."""

    view: Literal["verdict"] = "verdict"
    number: str | None
    licence: VerdictOut


class PublicPractitioner(BaseModel):
    """Somebody who is or was on the register, as anyone may see them."""

    view: Literal["public"] = "public"
    number: str | None
    licence: VerdictOut
    given_names: str
    family_name: str
    home_country: str | None
    regions: list[str]
    settings: list[str]
    roles: list[str]
    specialisms: list[str]
    languages: list[str]
    client_groups: list[str]


class MemberIdOut(BaseModel):
    """Under which id an association knows a person."""

    association: str
    member_id: str


class ContactOut(BaseModel):
    """Where an association reaches a person whom it knows by this id."""

    association: str
    member_id: str
    email: Annotated[str | None, PRIVATE]
    telephone: Annotated[str | None, PRIVATE]


class ToldMembershipOut(BaseModel):
    """A membership and the association that told of it."""

    id: int
    association: str
    member_id: str
    level: MembershipLevel
    category: str | None
    valid_from: date
    valid_to: date | None


class AcceptanceOut(BaseModel):
    """An acceptance of a version of the code of ethics."""

    code_version: str
    accepted_on: date
    recorded_at: datetime


class OwnPractitioner(BaseModel):
    """A member of the caller's own association: the person in full, and what that association told."""

    view: Literal["association"] = "association"
    number: str | None
    licence: VerdictOut
    given_names: str
    family_name: str
    previous_names: Annotated[list[NameOut], PRIVATE]
    date_of_birth: Annotated[date | None, PRIVATE]
    home_country: str | None
    regions: list[str]
    settings: list[str]
    roles: list[str]
    specialisms: list[str]
    languages: list[str]
    client_groups: list[str]
    member_ids: Annotated[list[MemberIdOut], PRIVATE]
    contacts: Annotated[list[ContactOut], PRIVATE]
    memberships: Annotated[list[ToldMembershipOut], PRIVATE]
    holdings: Annotated[list[HoldingOut], PRIVATE]
    code_acceptances: Annotated[list[AcceptanceOut], PRIVATE]


class WholePractitioner(OwnPractitioner):
    """Everything that is on file, as a registrar sees it."""

    view: Literal["registrar"] = "registrar"  # type: ignore[assignment]


PractitionerOut = Annotated[
    VerdictOnly | PublicPractitioner | OwnPractitioner | WholePractitioner, Field(discriminator="view")
]


class SightOut(BaseModel):
    """A practitioner as the caller may see them, and what the answer is about."""

    practitioner: PractitionerOut
    valid_at: date
    known_at: datetime
    journal_position: int


class PractitionersOut(BaseModel):
    """One public view for each number, in the order asked."""

    items: list[Annotated[VerdictOnly | PublicPractitioner, Field(discriminator="view")]]


class DecidingLevelOut(BaseModel):
    """The highest membership level that a person may hold, by which rule, and what higher ones ask."""

    level: MembershipLevel
    rule_id: str
    policy_version: str
    holding_id: int | None
    missing_for_next: list[MissingOut]

    @classmethod
    def of(cls, decision: LevelDecision) -> "DecidingLevelOut":
        """Return the decision as it is answered."""
        return cls(
            level=decision.level,
            rule_id=decision.rule_id,
            policy_version=decision.policy_version,
            holding_id=decision.holding_id,
            missing_for_next=[MissingOut.of(each) for each in decision.missing_for_next],
        )


def public_view(practitioner: Practitioner) -> VerdictOnly | PublicPractitioner:
    """Return what anyone may see."""
    licence = VerdictOut.model_validate(practitioner.verdict)
    if practitioner.person is None:
        return VerdictOnly(number=practitioner.number, licence=licence)
    details = practitioner.person.details
    return PublicPractitioner(
        number=practitioner.number,
        licence=licence,
        given_names=details.given_names,
        family_name=details.family_name,
        home_country=details.home_country,
        regions=list(details.regions),
        settings=list(details.settings),
        roles=list(details.roles),
        specialisms=list(details.specialisms),
        languages=list(details.languages),
        client_groups=list(details.client_groups),
    )


def view_of(
    practitioner: Practitioner,
) -> VerdictOnly | PublicPractitioner | OwnPractitioner | WholePractitioner:
    """Return what the caller may see: the operation opened the record only to those whose it is."""
    record, person = practitioner.record, practitioner.person
    if record is None or person is None:
        return public_view(practitioner)
    whose = WholePractitioner if practitioner.decides else OwnPractitioner
    details = person.details
    return whose(
        number=practitioner.number,
        licence=VerdictOut.model_validate(practitioner.verdict),
        given_names=details.given_names,
        family_name=details.family_name,
        previous_names=[
            NameOut(given_names=name.given_names, family_name=name.family_name) for name in record.previous
        ],
        date_of_birth=details.date_of_birth,
        home_country=details.home_country,
        regions=list(details.regions),
        settings=list(details.settings),
        roles=list(details.roles),
        specialisms=list(details.specialisms),
        languages=list(details.languages),
        client_groups=list(details.client_groups),
        member_ids=[
            MemberIdOut(association=each.association, member_id=each.member_id) for each in record.known_as
        ],
        contacts=_contacts(record),
        memberships=[_membership(each) for each in record.memberships],
        holdings=_holdings(record, practitioner.number or ""),
        code_acceptances=[
            AcceptanceOut(
                code_version=each.code_version,
                accepted_on=each.accepted_on,
                recorded_at=each.recorded_at,
            )
            for each in record.acceptances
        ],
    )


def _contacts(record: Record) -> list[ContactOut]:
    return [
        ContactOut(
            association=each.association,
            member_id=each.member_id,
            email=each.contact.email,
            telephone=each.contact.telephone,
        )
        for each in record.known_as
        if each.contact != NO_CONTACT
    ]


def _holdings(record: Record, number: str) -> list[HoldingOut]:
    return [HoldingOut.of(SeenHolding(held=each, number=number)) for each in record.holdings]


def _membership(held: SeenMembership) -> ToldMembershipOut:
    told = held.membership
    return ToldMembershipOut(
        id=held.membership_id,
        association=held.association,
        member_id=held.member_id,
        level=told.level,
        category=told.category,
        valid_from=told.valid_from,
        valid_to=told.valid_to,
    )
