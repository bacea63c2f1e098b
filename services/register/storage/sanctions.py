"""Sanctions: imposed, lifted, read back with the days for which they were first imposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, literal, select

from services.register.domain.sanction import Sanction, SanctionKind, SanctionStatus
from services.register.storage.facts import (
    ONE_DAY,
    as_known,
    assert_fact,
    correct_fact,
    days,
    first_day,
    last_day,
    versions,
)
from services.register.storage.tables import people, sanctions
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldSanction:
    """A sanction as it is known now; ``version`` is what a correction has to name."""

    sanction_id: int
    person_id: int
    number: str
    sanction: Sanction
    imposed_at: datetime
    lifted_at: datetime | None
    lifted_reason: str | None
    version: Row[Any]


async def impose(tx: Transaction, sanction: Sanction, *, person_id: int, record: Record) -> int:
    """Write a new sanction and return its id."""
    return await assert_fact(
        tx,
        sanctions,
        person_id=person_id,
        valid=days(sanction.valid_from, sanction.valid_to),
        record=record,
        kind=sanction.kind.value,
        public_reason=sanction.public_reason,
        internal_reason=sanction.internal_reason,
        conditions=sanction.conditions,
        imposed_by=sanction.imposed_by,
    )


async def lift(tx: Transaction, held: HeldSanction, lifted: Sanction, *, reason: str, record: Record) -> None:
    """Write the sanction as lifted; the version before stays readable."""
    await correct_fact(
        tx,
        sanctions,
        held.version,
        valid=days(lifted.valid_from, lifted.valid_to),
        lifted_by=lifted.lifted_by,
        lifted_reason=reason,
        record=record,
    )


async def find(tx: Transaction, sanction_id: int) -> HeldSanction | None:
    """Return the sanction, or None."""
    row = await tx.row(_read().where(sanctions.c.id == sanction_id))
    return None if row is None else _held(row)


async def page(
    tx: Transaction, *, person_ids: Sequence[int] | None, after: int, limit: int
) -> Sequence[HeldSanction]:
    """Return sanctions in the order in which they were imposed; ``person_ids`` None is everybody's."""
    statement = _read().where(sanctions.c.id > after).order_by(sanctions.c.id).limit(limit)
    if person_ids is not None:
        statement = statement.where(sanctions.c.person_id.in_(person_ids))
    return [_held(row) for row in await tx.rows(statement)]


async def kinds_on(tx: Transaction, person_ids: Sequence[int], *, day: date) -> frozenset[SanctionKind]:
    """Return the kinds of sanction that stand against these rows of one person on the day."""
    rows = await versions(
        tx, sanctions, sanctions.c.person_id.in_(person_ids), sanctions.c.valid.contains(literal(day))
    )
    return frozenset(SanctionKind(row.kind) for row in rows)


async def of_kind_on(
    tx: Transaction, person_ids: Sequence[int], *, kind: SanctionKind, day: date
) -> Sequence[HeldSanction]:
    """Return the sanctions of one kind that stand against these rows of one person on the day."""
    chosen = _read().where(
        sanctions.c.person_id.in_(person_ids),
        sanctions.c.kind == kind.value,
        sanctions.c.valid.contains(literal(day)),
    )
    return [_held(row) for row in await tx.rows(chosen.order_by(sanctions.c.id))]


def _read() -> Select[Any]:
    """Select the open versions, each with the first version of the same sanction and the person's number."""
    first = sanctions.alias("first")
    return (
        select(
            sanctions,
            people.c.number,
            first.c.valid.label("first_valid"),
            func.lower(first.c.known).label("imposed_at"),
            func.lower(sanctions.c.known).label("known_from"),
        )
        .join(first, (first.c.id == sanctions.c.id) & first.c.corrects.is_(None))
        .join(people, people.c.id == sanctions.c.person_id)
        .where(as_known(sanctions, None))
    )


def _held(row: Row[Any]) -> HeldSanction:
    began = first_day(row.first_valid)
    lifted = row.lifted_by is not None
    return HeldSanction(
        sanction_id=row.id,
        person_id=row.person_id,
        number=row.number,
        sanction=Sanction(
            kind=SanctionKind(row.kind),
            public_reason=row.public_reason,
            internal_reason=row.internal_reason,
            conditions=row.conditions,
            # A sanction lifted before it began holds for no day: its range has no bounds left.
            valid_from=began,
            valid_to=began - ONE_DAY if row.valid.isempty else last_day(row.valid),
            imposed_by=row.imposed_by,
            status=SanctionStatus.LIFTED if lifted else SanctionStatus.IMPOSED,
            lifted_by=row.lifted_by,
        ),
        imposed_at=row.imposed_at,
        lifted_at=row.known_from if lifted else None,
        lifted_reason=row.lifted_reason,
        version=row,
    )
