"""Possible duplicates: two records that may be one person, until a registrar has decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select, update

from services.register.domain.merging import DuplicateStatus
from services.register.storage.constraints import ChangedMeanwhile
from services.register.storage.tables import people, possible_duplicates, register_entries
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class PossibleDuplicate:
    """Two records, why they may be one person, and what was decided."""

    duplicate_id: int
    first_person_id: int
    second_person_id: int
    first_number: str
    second_number: str
    reason: str
    found_at: datetime
    status: DuplicateStatus
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None


async def find(tx: Transaction, duplicate_id: int) -> PossibleDuplicate | None:
    """Return the possible duplicate, or None."""
    row = await tx.row(_read().where(possible_duplicates.c.id == duplicate_id))
    return None if row is None else _shown(row)


async def page(
    tx: Transaction, *, status: DuplicateStatus | None, after: int, limit: int
) -> Sequence[PossibleDuplicate]:
    """Return possible duplicates in the order in which they were found."""
    statement = _read().where(possible_duplicates.c.id > after).order_by(possible_duplicates.c.id)
    if status is not None:
        statement = statement.where(possible_duplicates.c.status == status.value)
    return [_shown(row) for row in await tx.rows(statement.limit(limit))]


async def undecided_with_somebody_registered(tx: Transaction, person_ids: Sequence[int]) -> bool:
    """Say whether one of these may be somebody else who is or was on the register, and nobody has decided."""
    first, second = possible_duplicates.c.first_person_id, possible_duplicates.c.second_person_id
    entries = select(register_entries.c.person_id).where(
        register_entries.c.person_id.not_in(person_ids), register_entries.c.person_id.in_([first, second])
    )
    found = await tx.rows(
        select(possible_duplicates.c.id)
        .where(
            possible_duplicates.c.status == DuplicateStatus.OPEN.value,
            or_(first.in_(person_ids), second.in_(person_ids)),
            entries.exists(),
        )
        .limit(1)
    )
    return bool(found)


async def open_between(tx: Transaction, ones: Sequence[int], others: Sequence[int]) -> Sequence[int]:
    """Return the pairs of one person's rows and another's that nobody has decided."""
    first, second = possible_duplicates.c.first_person_id, possible_duplicates.c.second_person_id
    found = await tx.rows(
        select(possible_duplicates.c.id)
        .where(
            possible_duplicates.c.status == DuplicateStatus.OPEN.value,
            or_(
                and_(first.in_(ones), second.in_(others)),
                and_(first.in_(others), second.in_(ones)),
            ),
        )
        .order_by(possible_duplicates.c.id)
    )
    return [row.id for row in found]


async def decide(
    tx: Transaction, duplicate_id: int, *, status: DuplicateStatus, reason: str, record: Record
) -> None:
    """Write the decision of the record's actor, unless somebody has decided: then raise ChangedMeanwhile."""
    written = await tx.execute(
        update(possible_duplicates)
        .where(
            possible_duplicates.c.id == duplicate_id,
            possible_duplicates.c.status == DuplicateStatus.OPEN.value,
        )
        .values(
            status=status.value,
            decided_by=record.actor.subject,
            decided_at=record.at,
            decision_reason=reason,
        )
    )
    if written != 1:
        raise ChangedMeanwhile
    tx.record(record)


def _read() -> Select[Any]:
    first, second = people.alias("first"), people.alias("second")
    return (
        select(
            possible_duplicates,
            first.c.number.label("first_number"),
            second.c.number.label("second_number"),
        )
        .join(first, first.c.id == possible_duplicates.c.first_person_id)
        .join(second, second.c.id == possible_duplicates.c.second_person_id)
    )


def _shown(row: Row[Any]) -> PossibleDuplicate:
    return PossibleDuplicate(
        duplicate_id=row.id,
        first_person_id=row.first_person_id,
        second_person_id=row.second_person_id,
        first_number=row.first_number,
        second_number=row.second_number,
        reason=row.reason,
        found_at=row.found_at,
        status=DuplicateStatus(row.status),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
    )
