"""Reference data: lists of codes with where they come from. A code that was given out is never taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert

from services.kitemark.storage.tables import reference
from shared.database import Transaction
from shared.journal import Record


async def save(
    tx: Transaction, kind: str, entries: Sequence[Mapping[str, Any]], *, record: Record, first: int = 0
) -> int:
    """Write the entries of a kind that are new or differ, and return how many that were.

    The order of a list is that of ``entries``, counted from ``first``. Where nothing differs, nothing is
    recorded.
    """
    rows = [
        {"kind": kind, "code": entry["code"], "position": position, "body": dict(entry)}
        for position, entry in enumerate(entries, start=first)
    ]
    given = insert(reference).values(rows)
    columns = ("position", "body")
    held = tuple_(*(reference.c[name] for name in columns))
    new = tuple_(*(given.excluded[name] for name in columns))
    written = await tx.rows(
        given.on_conflict_do_update(
            index_elements=["kind", "code"],
            set_={name: given.excluded[name] for name in columns},
            where=held.is_distinct_from(new),
        ).returning(reference.c.code)
    )
    if written:
        tx.record(record)
    return len(written)


async def bodies(tx: Transaction, kind: str) -> Sequence[dict[str, Any]]:
    """Return all entries of a kind, in their order."""
    rows = await tx.rows(
        select(reference.c.body)
        .where(reference.c.kind == kind)
        .order_by(reference.c.position, reference.c.code)
    )
    return [row.body for row in rows]


async def find(tx: Transaction, kind: str, code: str) -> dict[str, Any] | None:
    """Return one entry, or None."""
    row = await tx.row(select(reference.c.body).where(reference.c.kind == kind, reference.c.code == code))
    return None if row is None else row.body


async def page(
    tx: Transaction, kind: str, *, after: tuple[int, str] | None, limit: int
) -> Sequence[tuple[int, dict[str, Any]]]:
    """Return at most ``limit`` entries of a kind that follow ``after``, each with its position."""
    place = tuple_(reference.c.position, reference.c.code)
    chosen = select(reference.c.position, reference.c.body).where(reference.c.kind == kind)
    if after is not None:
        chosen = chosen.where(place > after)
    rows = await tx.rows(chosen.order_by(place).limit(limit))
    return [(row.position, row.body) for row in rows]
