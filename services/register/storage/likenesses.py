"""Pairs of people who may be one person, as they are noticed; a registrar decides them."""

from dataclasses import replace

from sqlalchemy.dialects.postgresql import insert

from services.register.storage.tables import possible_duplicates
from shared.database import Transaction
from shared.journal import Record


async def note(tx: Transaction, one: int, other: int, *, reason: str, record: Record) -> None:
    """Write that two people may be one, for a registrar to decide; a pair that was noted stays as it is.

    The record's subject becomes the pair's id.
    """
    first, second = sorted((one, other))
    found = await tx.scalar(
        insert(possible_duplicates)
        .values(
            first_person_id=first, second_person_id=second, reason=reason, found_at=record.at, status="open"
        )
        .on_conflict_do_nothing(constraint="possible_duplicates_once")
        .returning(possible_duplicates.c.id)
    )
    if found is not None:
        tx.record(replace(record, subject=f"duplicate:{found}"))
