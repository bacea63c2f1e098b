"""Which files show which entries; the bytes themselves are in the store of files, by their hash."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from services.cpd.domain.evidence.content import MediaType
from services.cpd.storage.evidence.tables import evidence
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldFile:
    """A file linked to an entry; ``size`` in bytes."""

    id: int
    entry: int
    number: str
    sha256: str
    media_type: MediaType
    size: int
    added_at: datetime


async def of_entry(tx: Transaction, entry: int) -> Sequence[HeldFile]:
    """Return the files of an entry in the order in which they came."""
    return [_held(row) for row in await tx.rows(_chosen().where(evidence.c.entry == entry).order_by("id"))]


async def find(tx: Transaction, association: str, id_: int) -> HeldFile | None:
    """Return an association's file, or None."""
    row = await tx.row(_chosen().where(evidence.c.id == id_, evidence.c.association == association))
    return None if row is None else _held(row)


async def link(tx: Transaction, file: HeldFile, *, association: str, record: Record) -> int:
    """Link a file to its entry and return our id of the link."""
    id_: int = await tx.scalar(
        insert(evidence)
        .values(
            entry=file.entry,
            association=association,
            number=file.number,
            sha256=file.sha256,
            media_type=file.media_type.value,
            size=file.size,
            added_at=file.added_at,
        )
        .returning(evidence.c.id)
    )
    tx.record(record)
    return id_


async def unlink(tx: Transaction, id_: int, *, record: Record) -> bool:
    """Remove a link, and say whether there was one."""
    gone = await tx.scalar(delete(evidence).where(evidence.c.id == id_).returning(evidence.c.id))
    if gone is not None:
        tx.record(record)
    return gone is not None


async def forget(tx: Transaction, numbers: Sequence[str]) -> frozenset[str]:
    """Remove every link of a person and return the hashes of the files; whoever calls writes the line."""
    gone = delete(evidence).where(evidence.c.number == func.any(list(numbers))).returning(evidence.c.sha256)
    return frozenset(row.sha256 for row in await tx.rows(gone))


async def linked(tx: Transaction, hashes: Collection[str]) -> frozenset[str]:
    """Return those of the hashes to which anything is linked."""
    rows = await tx.rows(
        select(evidence.c.sha256).where(evidence.c.sha256 == func.any(sorted(hashes))).distinct()
    )
    return frozenset(row.sha256 for row in rows)


def _chosen() -> Any:
    return select(
        evidence.c.id,
        evidence.c.entry,
        evidence.c.number,
        evidence.c.sha256,
        evidence.c.media_type,
        evidence.c.size,
        evidence.c.added_at,
    )


def _held(row: Row[Any]) -> HeldFile:
    return HeldFile(**{**row._mapping, "media_type": MediaType(row.media_type)})
