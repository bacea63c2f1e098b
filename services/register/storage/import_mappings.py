"""Saved mappings of columns: an association's own words, by a name that it chose."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.register.storage.import_tables import import_mappings
from shared.database import Transaction
from shared.journal import Record


async def find(tx: Transaction, association: str, name: str) -> Mapping[str, Any] | None:
    """Return a mapping, or None."""
    found: Mapping[str, Any] | None = await tx.scalar(
        select(import_mappings.c.body).where(
            import_mappings.c.association == association, import_mappings.c.name == name
        )
    )
    return found


async def page(
    tx: Transaction, association: str, *, after: str, limit: int
) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """Return an association's mappings by name."""
    rows = await tx.rows(
        select(import_mappings.c.name, import_mappings.c.body)
        .where(import_mappings.c.association == association, import_mappings.c.name > after)
        .order_by(import_mappings.c.name)
        .limit(limit)
    )
    return [(row.name, row.body) for row in rows]


async def save(
    tx: Transaction, association: str, name: str, body: Mapping[str, Any], *, record: Record
) -> None:
    """Write a mapping in the place of the one of that name."""
    values = {"body": dict(body), "saved_at": record.at}
    await tx.execute(
        insert(import_mappings)
        .values(association=association, name=name, **values)
        .on_conflict_do_update(index_elements=["association", "name"], set_=values)
    )
    tx.record(record)
