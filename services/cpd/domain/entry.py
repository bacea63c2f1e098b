"""An entry of the log: what somebody did or plans to do for their development, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shared.errors import Conflict, FieldError, NotFound, Unprocessable

HOURS_OF_A_DAY = 24


class NoSuchEntry(NotFound):
    """There is no such entry, or it is not one of yours."""


class EntryNotPlausible(Unprocessable):
    """This entry cannot be right: see errors for what to mend."""


class EntryVoided(Conflict):
    """This entry was voided, and stays so: record another one, with another id."""


class EntryOfAnotherPerson(Conflict):
    """This entry id is recorded for somebody else: take another id, or void that entry."""


class EntryTwiceInBatch(Unprocessable):
    """This entry id stands in the batch more than once: only the first is looked at."""


class EntryStatus(StrEnum):
    """A planned entry becomes done, and either may be voided; nothing is ever lost."""

    PLANNED = "planned"
    DONE = "done"
    VOIDED = "voided"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What an association tells of one activity of one member; both days are included."""

    number: str
    status: EntryStatus
    title: str
    kind: str
    started_on: date
    done_on: date
    hours: Decimal
    provider: str | None = None
    approaches: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    specialisms: tuple[str, ...] = ()
    reflection: str | None = None
    effect: str | None = None


def check(entry: Entry, *, today: date) -> None:
    """Refuse an entry that ends before it begins, is done in the future, or has more hours than its days."""
    errors: list[FieldError] = []
    if entry.done_on < entry.started_on:
        errors.append(FieldError("/done_on", "ends-early", "An activity cannot end before it begins."))
    if entry.status is EntryStatus.DONE and entry.done_on > today:
        errors.append(
            FieldError(
                "/done_on", "in-the-future", "What is not over yet is planned: give “planned” as status."
            )
        )
    days = (entry.done_on - entry.started_on).days + 1
    if days > 0 and entry.hours > days * HOURS_OF_A_DAY:
        errors.append(FieldError("/hours", "too-many", f"{days} days do not have {entry.hours} hours."))
    if errors:
        raise EntryNotPlausible(errors=errors)


def check_amendable(held: Entry, *, same_person: Sequence[str]) -> None:
    """Refuse to change a voided entry, and to make it somebody else's; the numbers are one person's."""
    if held.status is EntryStatus.VOIDED:
        raise EntryVoided
    if held.number not in same_person:
        raise EntryOfAnotherPerson
