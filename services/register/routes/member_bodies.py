"""Members as they are sent and as they are answered."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StrictInt, StringConstraints

from services.register.domain.member import Contact, Details, Membership, Telling
from services.register.domain.membership import Missing
from services.register.domain.person import Name
from services.register.domain.policy import MembershipLevel
from services.register.operations.member_records import Member
from services.register.routes.fields import Body, Code, Day, Line, MemberId, NumberText
from shared.disclosures import PRIVATE

Codes = Annotated[list[Code], Field(max_length=50)]
Email = Annotated[Line, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
Telephone = Annotated[Line, StringConstraints(max_length=40, pattern=r"^[0-9+(). -]*[0-9][0-9a-z+(). -]*$")]


class NameIn(Body):
    """A name; somebody with one name has it as the family name."""

    given_names: Line = ""
    family_name: Line


class MembershipIn(Body):
    """The membership as it stands from ``valid_from`` on. What was told of the days before is left as it is.

    ``corrects`` names a membership that was told wrongly, by the id under which it is read back.
    """

    level: MembershipLevel
    category: Code | None = None
    valid_from: Day
    valid_to: Day | None = None
    corrects: Annotated[StrictInt, Field(ge=1, lt=2**63)] | None = None


class MemberIn(Body):
    """A member in full: what is left out is empty, except previous names, which are never forgotten."""

    given_names: Line = ""
    family_name: Line
    previous_names: Annotated[list[NameIn], Field(max_length=50)] = Field(default_factory=list)
    date_of_birth: Day | None = None
    email: Email | None = None
    telephone: Telephone | None = None
    home_country: Code | None = None
    regions: Codes = Field(default_factory=list)
    settings: Codes = Field(default_factory=list)
    roles: Codes = Field(default_factory=list)
    specialisms: Codes = Field(default_factory=list)
    languages: Codes = Field(default_factory=list)
    client_groups: Codes = Field(default_factory=list)
    membership: MembershipIn
    registration_number: NumberText | None = Field(
        default=None,
        description="Given where the member has a number already: the family name and the date of birth "
        "must then be those of the person who holds it.",
    )

    def telling(self) -> Telling:
        """Return what is told, for the rules to judge."""
        told = self.membership
        return Telling(
            details=Details(
                given_names=self.given_names,
                family_name=self.family_name,
                date_of_birth=self.date_of_birth,
                home_country=self.home_country,
                regions=tuple(self.regions),
                settings=tuple(self.settings),
                roles=tuple(self.roles),
                specialisms=tuple(self.specialisms),
                languages=tuple(self.languages),
                client_groups=tuple(self.client_groups),
            ),
            contact=Contact(email=self.email, telephone=self.telephone),
            previous=tuple(
                Name(given_names=each.given_names, family_name=each.family_name)
                for each in self.previous_names
            ),
            membership=Membership(
                level=told.level,
                category=told.category,
                valid_from=told.valid_from,
                valid_to=told.valid_to,
            ),
            corrects=told.corrects,
            registration_number=self.registration_number,
        )


class MemberItemIn(MemberIn):
    """One member of a batch."""

    member_id: MemberId


class NameOut(BaseModel):
    """A name that was used before."""

    given_names: str
    family_name: str


class MembershipOut(BaseModel):
    """A membership that was told; ``id`` is what a correction names."""

    id: int
    level: MembershipLevel
    category: str | None
    valid_from: date
    valid_to: date | None


class CurrentMembershipOut(BaseModel):
    """The membership of today; else the last one, else the next."""

    level: MembershipLevel
    category: str | None
    valid_from: date
    valid_to: date | None


class MissingOut(BaseModel):
    """One thing that stands between a person and a membership level."""

    level: MembershipLevel | None
    code: str
    detail: str

    @classmethod
    def of(cls, missing: Missing) -> "MissingOut":
        """Return it as it is answered."""
        return cls(level=missing.level, code=missing.code, detail=missing.detail)


class MemberOut(BaseModel):
    """A member as its association reads it back.

    ``level_supported`` says whether the qualifications shown so far bear the level that the association
    gives; ``level_missing`` says what they lack. Admission to the register waits for it, membership does not.
    """

    registration_number: str
    association: str
    member_id: str
    given_names: Annotated[str, PRIVATE]
    family_name: Annotated[str, PRIVATE]
    previous_names: Annotated[list[NameOut], PRIVATE]
    date_of_birth: Annotated[date | None, PRIVATE]
    email: Annotated[str | None, PRIVATE]
    telephone: Annotated[str | None, PRIVATE]
    home_country: str | None
    regions: list[str]
    settings: list[str]
    roles: list[str]
    specialisms: list[str]
    languages: list[str]
    client_groups: list[str]
    membership: CurrentMembershipOut | None
    memberships: list[MembershipOut]
    level_supported: bool
    level_missing: list[MissingOut]

    @classmethod
    def of(cls, member: Member) -> "MemberOut":
        """Return the member as it is answered."""
        details = member.person.details
        return cls(
            registration_number=member.person.number,
            association=member.association,
            member_id=member.member_id,
            given_names=details.given_names,
            family_name=details.family_name,
            previous_names=[
                NameOut(given_names=name.given_names, family_name=name.family_name)
                for name in member.previous
            ],
            date_of_birth=details.date_of_birth,
            email=member.contact.email,
            telephone=member.contact.telephone,
            home_country=details.home_country,
            regions=list(details.regions),
            settings=list(details.settings),
            roles=list(details.roles),
            specialisms=list(details.specialisms),
            languages=list(details.languages),
            client_groups=list(details.client_groups),
            membership=_current(member.current),
            memberships=[_membership(fact, told) for fact, told in member.told],
            level_supported=not member.missing,
            level_missing=[MissingOut.of(each) for each in member.missing],
        )


class MemberList(BaseModel):
    """A page of members."""

    items: list[MemberOut]
    next: str | None


def _current(membership: Membership | None) -> CurrentMembershipOut | None:
    if membership is None:
        return None
    return CurrentMembershipOut(
        level=membership.level,
        category=membership.category,
        valid_from=membership.valid_from,
        valid_to=membership.valid_to,
    )


def _membership(fact: int, membership: Membership) -> MembershipOut:
    return MembershipOut(
        id=fact,
        level=membership.level,
        category=membership.category,
        valid_from=membership.valid_from,
        valid_to=membership.valid_to,
    )
