"""Register entries: runs of days on the register, or in retirement from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Row, func

from services.register.domain.licence import EntryStatus, RegisterEntry
from services.register.storage.facts import assert_fact, correct_fact, days, first_day, last_day, versions
from services.register.storage.tables import register_entries
from shared.database import Transaction
from shared.journal import Record

A_MOMENT = timedelta(microseconds=1)


class Versioned(Protocol):
    """A fact that was read, with its row."""

    @property
    def version(self) -> Row[Any]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldEntry:
    """An entry as it is known now; ``version`` is what a correction has to name."""

    person_id: int
    entry: RegisterEntry
    version: Row[Any]

    def stands(self, day: date) -> bool:
        """Tell whether the entry holds on the day or begins later."""
        return self.entry.valid_to is None or day <= self.entry.valid_to

    @property
    def on_register(self) -> bool:
        """Tell an entry on the register from one in retirement."""
        return self.entry.status is EntryStatus.ON_REGISTER


async def held(tx: Transaction, person_ids: Sequence[int]) -> Sequence[HeldEntry]:
    """Return the entries of these rows of one person, oldest first."""
    rows = await versions(
        tx,
        register_entries,
        register_entries.c.person_id.in_(person_ids),
        ~func.isempty(register_entries.c.valid),
    )
    return [_held(row) for row in rows]


async def ever(tx: Transaction, person_ids: Sequence[int]) -> bool:
    """Tell whether these rows of one person were ever on the register."""
    return bool(await held(tx, person_ids))


async def enter(
    tx: Transaction, *, person_id: int, entry: RegisterEntry, reason: str | None, record: Record
) -> int:
    """Write a new entry and return its id."""
    return await assert_fact(
        tx,
        register_entries,
        person_id=person_id,
        valid=days(entry.valid_from, entry.valid_to),
        record=record,
        status=entry.status.value,
        reason=reason,
    )


async def close(tx: Transaction, held_entry: HeldEntry, *, last: date, record: Record) -> None:
    """End an entry with the day ``last``; where it began later, it holds for no day at all."""
    first = held_entry.entry.valid_from
    await correct_fact(
        tx,
        register_entries,
        held_entry.version,
        valid=days(first, max(last, first - timedelta(days=1))),
        record=record,
    )


def just_after(now: datetime, *read: Versioned) -> datetime:
    """Return ``now``, or the next moment after everything that was read was first known.

    A new fact that stands in the place of another, or rests on it, must not be known before that is.
    """
    known: list[datetime] = [each.version.known.lower for each in read]
    return max([now, *(instant + A_MOMENT for instant in known)])


def _held(row: Row[Any]) -> HeldEntry:
    return HeldEntry(
        person_id=row.person_id,
        entry=RegisterEntry(
            status=EntryStatus(row.status),
            valid_from=first_day(row.valid),
            valid_to=last_day(row.valid),
        ),
        version=row,
    )
