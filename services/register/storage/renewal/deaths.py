"""Deaths that the register was told of, each corrected by a new row; the last row of a chain is held true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, ScalarSelect, Table, func, insert, select

from services.register.storage.facts import (
    ONE_DAY,
    OWN_COLUMNS,
    correct_fact,
    days,
    first_day,
    versions,
)
from services.register.storage.renewal.tables import deaths
from services.register.storage.tables import licence_scopes, licences, register_entries
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldDeath:
    """A death that is held true; its facts were written in ``txid`` and are known from ``recorded_at``."""

    death_id: int
    person_id: int
    died_on: date
    recorded_at: datetime
    txid: int


async def save(
    tx: Transaction, *, person_id: int, died_on: date, evidence_reference: str, record: Record
) -> None:
    """Write that a person has died, of whom no death is held true."""
    await tx.execute(
        insert(deaths).values(
            person_id=person_id,
            died_on=died_on,
            evidence_reference=evidence_reference,
            recorded_by=record.actor.subject,
            recorded_at=record.at,
            corrects=_mistaken(person_id),
        )
    )
    tx.record(record)


async def correct(
    tx: Transaction,
    held: HeldDeath,
    *,
    died_on: date | None,
    evidence_reference: str,
    correction_id: int,
    record: Record,
) -> None:
    """Write the right day of a death, or None where the person has not died."""
    await tx.execute(
        insert(deaths).values(
            person_id=held.person_id,
            died_on=died_on,
            evidence_reference=evidence_reference,
            recorded_by=record.actor.subject,
            recorded_at=record.at,
            corrects=held.death_id,
            correction_id=correction_id,
        )
    )
    tx.record(record)


async def standing(tx: Transaction, person_ids: Sequence[int]) -> Sequence[HeldDeath]:
    """Return the death of this person that is held true: none, one, or one of each record that was merged."""
    rows = await tx.rows(
        select(deaths.c.id, deaths.c.person_id, deaths.c.died_on, deaths.c.recorded_at, deaths.c.txid)
        .where(deaths.c.person_id.in_(person_ids), deaths.c.died_on.is_not(None), _is_last(deaths))
        .order_by(deaths.c.id)
    )
    return [
        HeldDeath(
            death_id=row.id,
            person_id=row.person_id,
            died_on=row.died_on,
            recorded_at=row.recorded_at,
            txid=row.txid,
        )
        for row in rows
    ]


async def recorded(tx: Transaction, person_ids: Sequence[int]) -> bool:
    """Tell whether the register holds that this person has died."""
    return bool(await standing(tx, person_ids))


async def undo(tx: Transaction, death: HeldDeath, person_ids: Sequence[int], *, record: Record) -> None:
    """Let entries, licences and scopes hold again as they did before a death; what was known stays."""
    for entry in await _written(tx, register_entries, death, person_ids):
        if entry.corrects is None:
            first = first_day(entry.valid)
            await correct_fact(tx, register_entries, entry, valid=days(first, first - ONE_DAY), record=record)
    for table in (register_entries, licences, licence_scopes):
        ended = [each for each in await _written(tx, table, death, person_ids) if each.corrects is not None]
        rows = await tx.rows(select(table).where(table.c.row_id.in_([each.corrects for each in ended])))
        before = {row.row_id: row for row in rows}
        for version in ended:
            content = before[version.corrects]._mapping
            own = {each.name: content[each.name] for each in table.c if each.name not in OWN_COLUMNS}
            await correct_fact(tx, table, version, valid=content["valid"], record=record, **own)


async def _written(
    tx: Transaction, table: Table, death: HeldDeath, person_ids: Sequence[int]
) -> Sequence[Row[Any]]:
    """Return the versions that recording the death made, as far as nothing has corrected them since."""
    return await versions(
        tx,
        table,
        table.c.person_id.in_(person_ids),
        table.c.txid == death.txid,
        func.lower(table.c.known) == death.recorded_at,
    )


def _is_last(row: FromClause) -> ColumnElement[bool]:
    later = deaths.alias("later")
    return ~select(later.c.id).where(later.c.corrects == row.c.id).exists()


def _mistaken(person_id: int) -> ScalarSelect[Any]:
    """Return the row that says that this person has not died after all, where there is one."""
    before = deaths.alias("before")
    return (
        select(before.c.id)
        .where(before.c.person_id == person_id, before.c.died_on.is_(None), _is_last(before))
        .scalar_subquery()
    )
