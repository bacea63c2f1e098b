"""Erasures: proposed by one registrar, decided once by another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from services.register.domain.rights.erasure import Erasure, ErasureStatus, Ground
from services.register.storage.constraints import ChangedMeanwhile
from services.register.storage.rights.tables import erasures
from services.register.storage.tables import people
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldErasure:
    """An erasure with the person whom it is about."""

    erasure_id: int
    person_id: int
    number: str
    erasure: Erasure
    proposed_at: datetime
    decided_at: datetime | None
    policy_version: str | None


async def propose(tx: Transaction, *, person_id: int, ground: Ground, record: Record) -> int:
    """Write an erasure that waits for its decision and return its id."""
    erasure_id = await tx.scalar(
        insert(erasures)
        .values(
            person_id=person_id,
            ground=ground.value,
            status=ErasureStatus.PROPOSED.value,
            proposed_by=record.actor.subject,
            proposed_at=record.at,
        )
        .returning(erasures.c.id)
    )
    tx.record(record)
    return int(erasure_id)


async def decide(
    tx: Transaction, erasure_id: int, decided: Erasure, *, policy_version: str | None, record: Record
) -> None:
    """Write what became of an erasure that nobody has decided yet, or raise ChangedMeanwhile."""
    written = await tx.execute(
        update(erasures)
        .where(erasures.c.id == erasure_id, erasures.c.status == ErasureStatus.PROPOSED.value)
        .values(
            status=decided.status.value,
            decided_by=decided.decided_by,
            decided_at=record.at,
            policy_version=policy_version,
        )
    )
    if written != 1:
        raise ChangedMeanwhile
    tx.record(record)


async def find(tx: Transaction, erasure_id: int) -> HeldErasure | None:
    """Return the erasure, or None."""
    row = await tx.row(_read().where(erasures.c.id == erasure_id))
    return None if row is None else _held(row)


async def page(
    tx: Transaction, *, status: ErasureStatus | None, after: int, limit: int
) -> Sequence[HeldErasure]:
    """Return erasures in the order in which they were proposed."""
    statement = _read().where(erasures.c.id > after).order_by(erasures.c.id).limit(limit)
    if status is not None:
        statement = statement.where(erasures.c.status == status.value)
    return [_held(row) for row in await tx.rows(statement)]


async def erased(tx: Transaction, person_ids: Sequence[int]) -> bool:
    """Tell whether one of these rows of a person was erased."""
    found = select(people.c.id).where(people.c.id.in_(person_ids), people.c.erased_at.is_not(None))
    return bool(await tx.rows(found))


def _read() -> Select[Any]:
    return select(erasures, people.c.number).join(people, people.c.id == erasures.c.person_id)


def _held(row: Row[Any]) -> HeldErasure:
    return HeldErasure(
        erasure_id=row.id,
        person_id=row.person_id,
        number=row.number,
        erasure=Erasure(
            ground=Ground(row.ground),
            status=ErasureStatus(row.status),
            proposed_by=row.proposed_by,
            decided_by=row.decided_by,
        ),
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        policy_version=row.policy_version,
    )
