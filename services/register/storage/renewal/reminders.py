"""Reminders of renewal: which licences one is due for, and those that were written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from services.register.domain.renewal.reminder import Due
from services.register.domain.sanction import SanctionKind
from services.register.storage.facts import as_known, on_day
from services.register.storage.renewal.tables import renewal_reminders
from services.register.storage.tables import licences, people, sanctions
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """A licence for which a reminder is due and not written yet."""

    licence_id: int
    person_id: int
    ends_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """A reminder to one association about one member."""

    reminder_id: int
    number: str
    member_id: str
    days_before: int
    ends_on: date
    renew_by: date
    due_at: datetime


async def endings(tx: Transaction, due: Due, *, today: date, after: int, limit: int) -> Sequence[Ending]:
    """Return the licences for which a reminder is due and not written, by id.

    Nobody is reminded whose licence something other than time has ended, nor who is removed.
    """
    return _endings(await tx.rows(_due(due, today=today).where(licences.c.id > after).limit(limit)))


async def still_due(
    tx: Transaction, due: Due, *, today: date, licence_ids: Sequence[int]
) -> Sequence[Ending]:
    """Return those of these licences for which the reminder is due still."""
    return _endings(await tx.rows(_due(due, today=today).where(licences.c.id.in_(licence_ids))))


async def write(
    tx: Transaction,
    ending: Ending,
    *,
    person_id: int,
    association: str,
    member_id: str,
    days_before: int,
    renew_by: date,
    record: Record,
) -> bool:
    """Write a reminder; False when it is there already."""
    written = await tx.execute(
        insert(renewal_reminders)
        .values(
            person_id=person_id,
            association=association,
            member_id=member_id,
            licence_id=ending.licence_id,
            days_before=days_before,
            ends_on=ending.ends_on,
            renew_by=renew_by,
            due_at=record.at,
        )
        .on_conflict_do_nothing(constraint="renewal_reminders_once")
    )
    if written:
        tx.record(record)
    return bool(written)


async def page(tx: Transaction, association: str, *, after: int, limit: int) -> Sequence[Reminder]:
    """Return the reminders to an association, in the order in which they became due."""
    table = renewal_reminders
    rows = await tx.rows(
        select(table, people.c.number)
        .join(people, people.c.id == table.c.person_id)
        .where(table.c.association == association, table.c.id > after)
        .order_by(table.c.id)
        .limit(limit)
    )
    return [
        Reminder(
            reminder_id=row.id,
            number=row.number,
            member_id=row.member_id,
            days_before=row.days_before,
            ends_on=row.ends_on,
            renew_by=row.renew_by,
            due_at=row.due_at,
        )
        for row in rows
    ]


def _due(due: Due, *, today: date) -> Select[Any]:
    last = func.upper(licences.c.valid) - 1
    written = exists().where(
        renewal_reminders.c.licence_id == licences.c.id,
        renewal_reminders.c.days_before == due.days_before,
    )
    removed = exists().where(
        sanctions.c.person_id == licences.c.person_id,
        sanctions.c.kind == SanctionKind.REMOVAL.value,
        as_known(sanctions, None),
        on_day(sanctions, today),
    )
    return (
        select(licences.c.id, licences.c.person_id, last.label("ends_on"))
        .where(
            as_known(licences, None),
            licences.c.ended.is_(None),
            last.between(literal(due.first), literal(due.last)),
            ~written,
            ~removed,
        )
        .order_by(licences.c.id)
    )


def _endings(rows: Sequence[Any]) -> Sequence[Ending]:
    return [Ending(licence_id=row.id, person_id=row.person_id, ends_on=row.ends_on) for row in rows]
