"""Entries that are shown by their exact number only: set, lifted, read back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from services.register.storage.facts import as_known, assert_fact, correct_fact, days, first_day
from services.register.storage.finding.tables import unlistings
from services.register.storage.tables import people
from shared.clock import london_day
from shared.database import Transaction
from shared.journal import Record

STANDING = """
SELECT DISTINCT person_id FROM unlistings
WHERE person_id = ANY($1::bigint[]) AND upper_inf(known) AND lifted_by IS NULL
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldUnlisting:
    """An unlisting as it is known now; ``version`` is what a correction has to name."""

    unlisting_id: int
    person_id: int
    number: str
    reason: str
    set_by: str
    set_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    lifted_reason: str | None
    version: Row[Any]


async def begin(tx: Transaction, *, person_id: int, reason: str, record: Record) -> int:
    """Write that somebody is shown by number only from the record's day on; return its id."""
    return await assert_fact(
        tx,
        unlistings,
        person_id=person_id,
        valid=days(london_day(record.at), None),
        record=record,
        reason=reason,
        set_by=record.actor.subject,
    )


async def end(tx: Transaction, held: HeldUnlisting, *, reason: str, record: Record) -> None:
    """Write that it ended on the record's day; the version before stays readable."""
    # The day on which it ends is not one on which it holds; a range that ends where it begins is empty.
    valid = held.version.valid
    ended = type(valid)(first_day(valid), max(first_day(valid), london_day(record.at)), bounds="[)")
    await correct_fact(
        tx,
        unlistings,
        held.version,
        valid=ended,
        lifted_by=record.actor.subject,
        lifted_reason=reason,
        record=record,
    )


async def standing(tx: Transaction, person_ids: Collection[int]) -> frozenset[int]:
    """Return which of these rows of people are shown by number only."""
    rows = await tx.driver.fetch(STANDING, list(person_ids))
    return frozenset(row[0] for row in rows)


async def find(tx: Transaction, unlisting_id: int) -> HeldUnlisting | None:
    """Return the unlisting, or None."""
    row = await tx.row(_read().where(unlistings.c.id == unlisting_id))
    return None if row is None else _held(row)


async def page(
    tx: Transaction, *, person_ids: Sequence[int] | None, after: int, limit: int
) -> Sequence[HeldUnlisting]:
    """Return unlistings in the order in which they were set; ``person_ids`` None is everybody's."""
    statement = _read().where(unlistings.c.id > after).order_by(unlistings.c.id).limit(limit)
    if person_ids is not None:
        statement = statement.where(unlistings.c.person_id.in_(person_ids))
    return [_held(row) for row in await tx.rows(statement)]


def _read() -> Select[Any]:
    first = unlistings.alias("first")
    return (
        select(
            unlistings,
            people.c.number,
            func.lower(first.c.known).label("set_at"),
            func.lower(unlistings.c.known).label("known_from"),
        )
        .join(first, (first.c.id == unlistings.c.id) & first.c.corrects.is_(None))
        .join(people, people.c.id == unlistings.c.person_id)
        .where(as_known(unlistings, None))
    )


def _held(row: Row[Any]) -> HeldUnlisting:
    return HeldUnlisting(
        unlisting_id=row.id,
        person_id=row.person_id,
        number=row.number,
        reason=row.reason,
        set_by=row.set_by,
        set_at=row.set_at,
        lifted_by=row.lifted_by,
        lifted_at=row.known_from if row.lifted_by else None,
        lifted_reason=row.lifted_reason,
        version=row,
    )
