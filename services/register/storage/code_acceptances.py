"""Acceptances of a version of the code of ethics: each is written once and stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.register.storage.tables import code_acceptances
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeAcceptance:
    """That a person accepted a version of the code."""

    id: int
    person_id: int
    association: str
    code_version: str
    accepted_on: date
    recorded_at: datetime


async def accept(
    tx: Transaction,
    *,
    person_id: int,
    association: str,
    code_version: str,
    accepted_on: date,
    record: Record,
) -> bool:
    """Write an acceptance; False when this person's acceptance of the version is written already."""
    written = await tx.execute(
        insert(code_acceptances)
        .values(
            person_id=person_id,
            association=association,
            code_version=code_version,
            accepted_on=accepted_on,
            recorded_at=record.at,
        )
        .on_conflict_do_nothing(constraint="code_acceptances_once")
    )
    if written:
        tx.record(record)
    return bool(written)


async def held(
    tx: Transaction, person_ids: Iterable[int], *, known_at: datetime | None = None
) -> Sequence[CodeAcceptance]:
    """Return what these people accepted, oldest first, as it was known."""
    table = code_acceptances.c
    columns = (
        table.id,
        table.person_id,
        table.association,
        table.code_version,
        table.accepted_on,
        table.recorded_at,
    )
    chosen = select(*columns).where(table.person_id == func.any(sorted(set(person_ids))))
    if known_at is not None:
        chosen = chosen.where(table.recorded_at <= known_at)
    rows = await tx.rows(chosen.order_by(table.accepted_on, table.id))
    return [CodeAcceptance(**row._mapping) for row in rows]
