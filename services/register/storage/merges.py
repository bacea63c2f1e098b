"""Who is one person after merges: the numbers that lead to one another, and the rows to lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CTE, ColumnElement, Select, and_, func, select
from sqlalchemy.dialects.postgresql import Range

from services.register.storage.constraints import ChangedMeanwhile
from services.register.storage.facts import as_known, assert_fact
from services.register.storage.tables import merges, people
from shared.clock import london_day
from shared.database import Transaction
from shared.journal import Record

A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """One person: the row that was kept, its number, and every row that leads to it or is it."""

    kept_id: int
    number: str
    ids: tuple[int, ...]


async def group_of(tx: Transaction, person_id: int) -> Group:
    """Return the person to whom a row belongs."""
    up = _upwards(person_id)
    ends_here = ~select(merges.c.id).where(_stands(), merges.c.person_id == up.c.id).exists()
    kept = await tx.scalar(select(up.c.id).where(ends_here))
    down = _downwards(kept)
    rows = await tx.rows(
        select(people.c.id, people.c.number).join(down, down.c.id == people.c.id).order_by(people.c.id)
    )
    numbers = {row.id: row.number for row in rows}
    return Group(kept_id=kept, number=numbers[kept], ids=tuple(numbers))


async def group_of_number(tx: Transaction, number: str) -> Group | None:
    """Return the person whom a canonical number names, directly or through merges."""
    person_id = await tx.scalar(select(people.c.id).where(people.c.number == number))
    return None if person_id is None else await group_of(tx, person_id)


async def lock_group(tx: Transaction, person_id: int) -> Group:
    """Lock every row of a person by ascending id, so that nothing else is decided on them meanwhile."""
    return (await lock_groups(tx, person_id))[0]


async def lock_groups(tx: Transaction, *person_ids: int) -> tuple[Group, ...]:
    """Lock the rows of several people in one order, so that two who ask never block one another."""
    seen = [await group_of(tx, person_id) for person_id in person_ids]
    ids = sorted({each for group in seen for each in group.ids})
    await tx.rows(select(people.c.id).where(people.c.id.in_(ids)).order_by(people.c.id).with_for_update())
    now_seen = [await group_of(tx, person_id) for person_id in person_ids]
    if now_seen != seen:
        raise ChangedMeanwhile
    return tuple(now_seen)


async def merge(
    tx: Transaction,
    *,
    person_id: int,
    kept_person_id: int,
    reason: str,
    survives: Sequence[str] = (),
    record: Record,
) -> int:
    """Record that one person's number leads to another's from the record's day on, and return the fact's id.

    ``survives`` names the details that are shown as the retired record has them.
    """
    return await assert_fact(
        tx,
        merges,
        person_id=person_id,
        valid=Range(london_day(record.at), None, bounds="[)"),
        record=record,
        kept_person_id=kept_person_id,
        decided_by=record.actor.subject,
        reason=reason,
        survives=list(survives),
    )


async def after_all(tx: Transaction, person_id: int, now: datetime) -> datetime:
    """Return ``now``, or the next moment after all that was ever said of this row's merging was known."""
    known = await tx.scalar(
        select(func.max(func.lower(merges.c.known))).where(merges.c.person_id == person_id)
    )
    return now if known is None else max(now, known + A_MOMENT)


def _upwards(person_id: int) -> CTE:
    start: Select[tuple[int]] = select(people.c.id).where(people.c.id == person_id)
    up = start.cte("up", recursive=True)
    return up.union(select(merges.c.kept_person_id).join(up, merges.c.person_id == up.c.id).where(_stands()))


def _downwards(person_id: int) -> CTE:
    start: Select[tuple[int]] = select(people.c.id).where(people.c.id == person_id)
    down = start.cte("down", recursive=True)
    return down.union(
        select(merges.c.person_id).join(down, merges.c.kept_person_id == down.c.id).where(_stands())
    )


def _stands() -> ColumnElement[bool]:
    """Choose the merges that are held true now, and that nobody has undone."""
    return and_(as_known(merges, None), ~func.isempty(merges.c.valid))
