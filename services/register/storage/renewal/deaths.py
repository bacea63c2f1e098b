"""Deaths that the register was told of, each once."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select

from services.register.storage.renewal.tables import deaths
from shared.database import Transaction
from shared.journal import Record


async def save(
    tx: Transaction, *, person_id: int, died_on: date, evidence_reference: str, record: Record
) -> None:
    """Write that a person has died."""
    await tx.execute(
        insert(deaths).values(
            person_id=person_id,
            died_on=died_on,
            evidence_reference=evidence_reference,
            recorded_by=record.actor.subject,
            recorded_at=record.at,
        )
    )
    tx.record(record)


async def recorded(tx: Transaction, person_ids: Sequence[int]) -> bool:
    """Tell whether the register was told that this person has died."""
    found = await tx.rows(select(deaths.c.id).where(deaths.c.person_id.in_(person_ids)).limit(1))
    return bool(found)
