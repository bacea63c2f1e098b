"""An import of members: what a row comes to, and the ways that an import takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from services.register.domain.member import (
    NO_CONTACT,
    Change,
    Contact,
    Details,
    Membership,
    Telling,
    changed_fields,
    membership_changes,
)
from services.register.domain.member_row import RowReader
from services.register.domain.person import Name
from shared.errors import Conflict, NotFound


class NoSuchImport(NotFound):
    """There is no such import, or it is not one of yours."""


class NoSuchMapping(NotFound):
    """There is no mapping of that name among yours."""


class ImportOver(Conflict):
    """This import is over, so it cannot be cancelled: what it did is told in its files of outcomes."""


class ImportState(StrEnum):
    """Where an import stands. ``failed`` is a fault of ours, not of a row."""

    RECEIVED = "received"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = frozenset({ImportState.RECEIVED, ImportState.RUNNING})


class RowOutcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of the row with this number in the file; filled in as it is worked on.

    The association reads all of it, so ``possible_duplicate`` is only ever a likeness among its own members.
    """

    row: int
    outcome: RowOutcome
    number: str | None = None
    message: str | None = None
    possible_duplicate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many rows came to what."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    possible_duplicates: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A member as it is recorded. ``alone`` says that nobody was merged with this person."""

    person_id: int
    number: str
    details: Details
    contact: Contact = NO_CONTACT
    previous: tuple[Name, ...] = ()
    held: Mapping[int, Membership] = field(default_factory=dict)
    alone: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a row changes of a member that is recorded: nothing, where every part is empty."""

    telling: Telling
    fields: tuple[str, ...]
    previous: tuple[Name, ...]
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        """Say whether there is anything to write."""
        return bool(self.fields or self.previous or self.changes)

    @property
    def told(self) -> list[str]:
        """The names of the details that differ, which may be told where the details may not."""
        return [*self.fields, *(["previous_names"] if self.previous else [])]


def difference(telling: Telling, stored: Stored, reader: RowReader) -> Difference:
    """Return what has to be written so that the member is as the row tells.

    A detail for which the file has no column stays as it is. Raises MembershipDaysOverlap.
    """
    told = reader.completed(telling, stored.details, stored.contact)
    membership = _completed(telling.membership, stored.held, reader)
    return Difference(
        telling=replace(told, membership=membership),
        fields=_changed(told, stored),
        previous=new_previous(telling.previous, told.details.name, stored.previous),
        changes=membership_changes(stored.held, membership),
    )


def _changed(told: Telling, stored: Stored) -> tuple[str, ...]:
    """Return what differs; most rows differ in nothing, which is seen without going through it."""
    if told.details == stored.details and told.contact == stored.contact:
        return ()
    return (
        *changed_fields(stored.details, told.details),
        *changed_fields(stored.contact, told.contact),
    )


def new_previous(told: Sequence[Name], name: Name, known: Sequence[Name]) -> tuple[Name, ...]:
    """Return the previous names that are told, without the present one and those that are known."""
    return tuple(dict.fromkeys(each for each in told if each != name and each not in known))


def counted(outcomes: Sequence[Outcome]) -> Totals:
    """Return how many of the rows came to what."""
    of = [each.outcome for each in outcomes]
    return Totals(
        created=of.count(RowOutcome.CREATED),
        changed=of.count(RowOutcome.CHANGED),
        unchanged=of.count(RowOutcome.UNCHANGED),
        failed=of.count(RowOutcome.FAILED),
        possible_duplicates=sum(each.possible_duplicate for each in outcomes),
    )


def row_message(row: int, sentences: Sequence[str]) -> str:
    """Return what is wrong with a row as one sentence that names it."""
    return f"Row {row}: {'; '.join(sentence.rstrip('.') for sentence in sentences)}."


def _completed(told: Membership, held: Mapping[int, Membership], reader: RowReader) -> Membership:
    """Fill in what the file has no column for from the membership that began on the same day."""
    if reader.gives_end and reader.gives_category:
        return told
    same = next((each for each in held.values() if each.valid_from == told.valid_from), None)
    if same is None:
        return told
    end: date | None = told.valid_to if reader.gives_end else same.valid_to
    keeps = not reader.gives_category and told.category is None and same.level is told.level
    return replace(told, valid_to=end, category=same.category if keeps else told.category)
