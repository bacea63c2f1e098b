"""Changes of name with their evidence, and the names by which people were known at an instant."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, insert, select

from services.register.domain.person import Name
from services.register.storage.renewal.tables import name_changes
from services.register.storage.tables import previous_names
from shared.database import Transaction
from shared.journal import Record


async def save(
    tx: Transaction,
    *,
    person_id: int,
    association: str | None,
    changed_on: date,
    evidence_reference: str,
    record: Record,
) -> None:
    """Write from which day and on what evidence the name that was replaced last is a previous one.

    An association told it, or a registrar where there is None.
    """
    replaced = select(func.max(previous_names.c.id)).where(previous_names.c.person_id == person_id)
    await tx.execute(
        insert(name_changes).values(
            person_id=person_id,
            previous_name_id=replaced.scalar_subquery(),
            association=association,
            changed_on=changed_on,
            evidence_reference=evidence_reference,
            recorded_by=record.actor.subject,
            recorded_at=record.at,
        )
    )
    tx.record(record)


async def name_then(tx: Transaction, person_id: int, *, known_at: datetime) -> Name | None:
    """Return the name that was replaced since an instant: the one by which the person was known then."""
    row = await tx.row(
        select(previous_names.c.given_names, previous_names.c.family_name)
        .where(previous_names.c.person_id == person_id, previous_names.c.replaced_at > known_at)
        .order_by(previous_names.c.replaced_at, previous_names.c.id)
        .limit(1)
    )
    return None if row is None else Name(given_names=row.given_names, family_name=row.family_name)


async def previous_then(
    tx: Transaction, person_ids: Iterable[int], *, known_at: datetime
) -> dict[int, tuple[Name, ...]]:
    """Return the previous names of these people without those by which they still went at an instant.

    Of previous names that were only told, it was not written down when; they are among them.
    """
    found: dict[int, tuple[Name, ...]] = dict.fromkeys(person_ids, ())
    replaced = func.coalesce(previous_names.c.replaced_at, known_at) <= known_at
    rows = await tx.rows(
        select(previous_names)
        .where(previous_names.c.person_id == func.any(sorted(found)), replaced)
        .order_by(previous_names.c.id)
    )
    for row in rows:
        name = Name(given_names=row.given_names, family_name=row.family_name)
        found[row.person_id] = (*found[row.person_id], name)
    return found
