"""A member as an association tells of one: details, membership, and what a new telling changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import TypeVar

from services.register.domain.membership import StudentMustBeAffiliate
from services.register.domain.person import Name, folded, same_name
from services.register.domain.policy import MembershipLevel
from shared.errors import Conflict, FieldError, Forbidden, NotFound, Unprocessable

STUDENT = "student"
EARLIEST_BIRTH = date(1900, 1, 1)


class NoSuchMember(NotFound):
    """There is no such member, or it is not one of yours."""


class AssociationMissing(Forbidden):
    """Your access token speaks for no association, so it cannot write or read members."""


class AssociationNotKnown(Forbidden):
    """Your access token speaks for an association that the register does not know: ask the registrar to add it."""  # noqa: E501


class CodesNotKnown(Unprocessable):
    """Some codes are not in the reference data: each error lists what is allowed."""


class BirthNotPlausible(Unprocessable):
    """The date of birth must not lie in the future, nor before 1 January 1900."""


class MembershipEndsBeforeItBegins(Unprocessable):
    """A membership cannot end before the day on which it begins."""


class MembershipDaysOverlap(Conflict):
    """Other memberships are recorded for some of these days. To change one of them, give its id as “corrects”."""  # noqa: E501


class NoSuchMembership(Unprocessable):
    """The membership that “corrects” names is not one of this member's: read the member to see their ids."""


class RegistrationNumberNotConfirmed(Conflict):
    """The registration number, family name and date of birth do not belong together. Check all three, or leave the number out: a new one is then given."""  # noqa: E501


class RegistrationNumberNotRehearsed(Conflict):
    """Whether this registration number is this person's is looked at when the file is sent for good."""


class MemberTwiceInBatch(Unprocessable):
    """This member id stands in the batch more than once: only the first is looked at."""


class BatchNotWritten(Unprocessable):
    """Nothing was written, because some items were refused: see errors for each."""


class MemberAlreadyRecorded(Conflict):
    """This member id is recorded already, for a person with another registration number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """What is known of a person beside memberships and qualifications, whichever association tells it."""

    given_names: str
    family_name: str
    date_of_birth: date | None = None
    home_country: str | None = None
    regions: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    specialisms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    client_groups: tuple[str, ...] = ()

    @property
    def name(self) -> Name:
        """The name by which the person goes today."""
        return Name(given_names=self.given_names, family_name=self.family_name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """Where one association reaches a member: its own, even where another has the same person."""

    email: str | None = None
    telephone: str | None = None


NO_CONTACT = Contact()
Parts = TypeVar("Parts", Details, Contact)


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """A run of days, both inclusive, for which a person belongs to an association at one level."""

    level: MembershipLevel
    category: str | None = None
    valid_from: date
    valid_to: date | None = None

    def as_facts(self) -> dict[str, str | None]:
        """Return what a journal line says of the membership."""
        return {
            "level": self.level.value,
            "category": self.category,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": None if self.valid_to is None else self.valid_to.isoformat(),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What an association says of one of its members at one time.

    ``corrects`` names the membership that was told wrongly before; ``registration_number`` says that the
    member is somebody who has a number already.
    """

    details: Details
    contact: Contact = NO_CONTACT
    previous: tuple[Name, ...] = ()
    membership: Membership
    corrects: int | None = None
    registration_number: str | None = None

    @property
    def identities(self) -> tuple[tuple[str, date | None], ...]:
        """The key of every name that is told, with the date of birth."""
        names = dict.fromkeys(map(name_key, (self.details.name, *self.previous)))
        return tuple((key, self.details.date_of_birth) for key in names)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A membership to write: a correction of the fact ``corrects``, or a new one."""

    corrects: int | None
    membership: Membership


def name_key(name: Name) -> str:
    """Return the key under which people of one name are found, however the name is divided or written."""
    return folded(name.given_names) + folded(name.family_name)


def check_birth(born: date | None, *, today: date) -> None:
    """Refuse a date of birth in the future or before 1900."""
    if born is not None and not EARLIEST_BIRTH <= born <= today:
        raise BirthNotPlausible


def check_membership_form(membership: Membership) -> None:
    """Refuse days in the wrong order, and a student who is not an affiliate."""
    if membership.valid_to is not None and membership.valid_to < membership.valid_from:
        raise MembershipEndsBeforeItBegins
    if membership.category == STUDENT and membership.level is not MembershipLevel.AFFILIATE:
        raise StudentMustBeAffiliate(level=membership.level)


def is_shown_to_be(recorded: Details, told: Details) -> bool:
    """Tell whether the family name and the date of birth that are told are those that are recorded."""
    born = recorded.date_of_birth
    same = same_name(recorded.family_name, told.family_name)
    return same and born is not None and born == told.date_of_birth


def changed_fields(before: Parts, after: Parts) -> tuple[str, ...]:
    """Return the names of the details that differ, which may be told where the details may not."""
    return tuple(
        each.name for each in fields(before) if getattr(before, each.name) != getattr(after, each.name)
    )


def membership_changes(
    held: Mapping[int, Membership], wanted: Membership, *, corrects: int | None = None
) -> tuple[Change, ...]:
    """Return what to write so that the wanted membership stands, nothing where it stands already.

    From its first day on it replaces what it meets: a membership that began earlier ends the day before,
    one that began on the same day or later is corrected. Days before its first day stay as they were
    told, unless ``corrects`` names the membership that was told wrongly.
    """
    if corrects is not None:
        return _correction(held, wanted, corrects)
    if wanted in held.values():
        return ()
    met = {fact: each for fact, each in held.items() if _meet(each, wanted)}
    earlier = [fact for fact, each in met.items() if each.valid_from < wanted.valid_from]
    replaced = [fact for fact, each in met.items() if each.valid_from >= wanted.valid_from]
    if len(replaced) > 1:
        raise MembershipDaysOverlap
    ended = tuple(
        Change(corrects=fact, membership=_ended_before(met[fact], wanted.valid_from)) for fact in earlier
    )
    return (*ended, Change(corrects=replaced[0] if replaced else None, membership=wanted))


def current(memberships: Sequence[Membership], *, day: date) -> Membership | None:
    """Return the membership of the day; else the last that ended before it; else the first to come."""
    begun = [each for each in memberships if each.valid_from <= day]
    if begun:
        return max(begun, key=lambda each: each.valid_from)
    return min(memberships, key=lambda each: each.valid_from, default=None)


def known_codes_of(
    given: Sequence[str], *, allowed: Mapping[str, str], pointer: str, errors: list[FieldError]
) -> tuple[str, ...]:
    """Return the codes as the reference data spells them, adding an error for each that it lacks.

    ``allowed`` leads from every accepted spelling, folded, to the code.
    """
    found: set[str] = set()
    for place, code in enumerate(given):
        known = allowed.get(folded(code))
        if known is None:
            errors.append(
                FieldError(
                    f"{pointer}/{place}",
                    "not-known",
                    f"This is not one of: {', '.join(sorted(set(allowed.values())))}.",
                )
            )
        else:
            found.add(known)
    return tuple(sorted(found))


def _correction(held: Mapping[int, Membership], wanted: Membership, corrects: int) -> tuple[Change, ...]:
    if corrects not in held:
        raise NoSuchMembership
    if held[corrects] == wanted:
        return ()
    if any(_meet(each, wanted) for fact, each in held.items() if fact != corrects):
        raise MembershipDaysOverlap
    return (Change(corrects=corrects, membership=wanted),)


def _meet(one: Membership, other: Membership) -> bool:
    """Tell whether two memberships have a day in common."""
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)


def _ended_before(membership: Membership, day: date) -> Membership:
    return Membership(
        level=membership.level,
        category=membership.category,
        valid_from=membership.valid_from,
        valid_to=day - timedelta(days=1),
    )
