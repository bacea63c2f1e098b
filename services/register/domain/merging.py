"""When two records that are one person may be joined, and under which number."""

from dataclasses import dataclass
from enum import StrEnum

from shared.errors import Conflict, Unprocessable


class DuplicateAlreadyDecided(Conflict):
    """It was decided already that these are {decision}."""


class BothHoldALicence(Conflict):
    """Both numbers hold a licence in force: retire one of them from the register first, then decide again."""


class KeepTheNumberOnTheRegister(Conflict):
    """Only {number} is on the register today, so that is the number to keep."""


class KeptNumberNotOneOfTheTwo(Unprocessable):
    """The number to keep has to be one of the two: {first} or {second}."""


class DuplicateStatus(StrEnum):
    """Whether somebody has decided, and what."""

    OPEN = "open"
    SAME_PERSON = "same_person"
    DIFFERENT_PEOPLE = "different_people"


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """One of the two records: its number, and how it stands today."""

    person_id: int
    number: str
    on_register: bool
    licensed: bool


def check_open(status: DuplicateStatus) -> None:
    """Refuse to decide a second time."""
    if status is not DuplicateStatus.OPEN:
        decision = "one person" if status is DuplicateStatus.SAME_PERSON else "two people"
        raise DuplicateAlreadyDecided(decision=decision)


def keep(first: Party, second: Party, *, wanted: str | None) -> tuple[Party, Party]:
    """Return whom to keep and whom to retire: who is on the register stays, else the older, unless wanted."""
    if first.licensed and second.licensed:
        raise BothHoldALicence
    if wanted is not None and wanted not in (first.number, second.number):
        raise KeptNumberNotOneOfTheTwo(first=first.number, second=second.number)
    older, newer = sorted((first, second), key=lambda each: each.person_id)
    if wanted is None:
        kept = newer if (newer.licensed, newer.on_register) > (older.licensed, older.on_register) else older
    else:
        kept = first if wanted == first.number else second
    other = second if kept is first else first
    if (other.licensed, other.on_register) > (kept.licensed, kept.on_register):
        raise KeepTheNumberOnTheRegister(number=other.number)
    return kept, other
