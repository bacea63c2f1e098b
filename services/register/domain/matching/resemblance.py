"""Why two people of the register may be one, for a registrar to decide; nobody is ever joined on it."""

from dataclasses import dataclass
from datetime import date

from services.register.domain.matching.names import NameKey, name_likeness, one_slip_apart
from services.register.domain.matching.policy import Likeness
from services.register.domain.person import PREVIOUS_NAME, SAME_NAME

SWAPPED_NAMES = "swapped-names-and-date-of-birth"
NEAR_NAME = "near-name-and-date-of-birth"
SAME_EMAIL = "same-email-and-part-of-the-name"
SAME_CERTIFICATE = "same-certificate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """By what a person is compared with others; a certificate is what a registrar saw, in one text."""

    person_id: int
    name: NameKey
    previous: tuple[NameKey, ...] = ()
    born: date | None = None
    emails: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[NameKey, ...]:
        """Every name that the person has or had."""
        return (self.name, *self.previous)


def by_names(one: Traits, other: Traits) -> str | None:
    """Return how people born on one day go by one name: now, before, or with its parts exchanged; or None."""
    if one.born is None or one.born != other.born:
        return None
    if one.name.whole and one.name.whole == other.name.whole:
        return SAME_NAME
    others = _wholes(other)
    if _wholes(one) & others - {""}:
        return PREVIOUS_NAME
    return SWAPPED_NAMES if {each.swapped for each in one.names} & others else None


def resemblance(one: Traits, other: Traits, *, near_from: int) -> str | None:
    """Return the first reason for which two people may be one, None where there is none.

    ``near_from`` is how many letters a whole name needs for one slip in it to be forgiven.
    """
    reason = by_names(one, other)
    if reason is not None:
        return reason
    if one.born is not None and one.born == other.born and _near(one, other, near_from=near_from):
        return NEAR_NAME
    if one.certificates & other.certificates:
        return SAME_CERTIFICATE
    if one.emails & other.emails:
        # Relatives and offices share an address, so something of the name has to agree with it.
        alike = name_likeness(one.name, (other.name,), other.previous, near_from=near_from)
        return None if alike in (None, Likeness.DIFFERENT) else SAME_EMAIL
    return None


def _near(one: Traits, other: Traits, *, near_from: int) -> bool:
    others = _wholes(other)
    return any(len(a) >= near_from and one_slip_apart(a, b) for a in _wholes(one) for b in others)


def _wholes(person: Traits) -> set[str]:
    return {each.whole for each in person.names}
