"""Evidence of a school's staff as it was taken; it is never changed, only taken anew."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from services.kitemark.storage.joined.tables import staff_evidence
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldEvidence:
    """What the neighbours showed at an instant, for a school and the body that it named."""

    id: int
    urn: str
    for_body: str | None
    taken_at: datetime
    content: Mapping[str, Any]


async def write(
    tx: Transaction,
    *,
    urn: str,
    for_body: str | None,
    taken_at: datetime,
    content: Mapping[str, Any],
    record: Callable[[int], Record],
) -> HeldEvidence:
    """Write evidence and return it; ``record`` takes its id and says what happened."""
    id_ = await tx.scalar(
        insert(staff_evidence)
        .values(urn=urn, for_body=for_body, taken_at=taken_at, content=dict(content))
        .returning(staff_evidence.c.id)
    )
    tx.record(record(int(id_)))
    return HeldEvidence(id=int(id_), urn=urn, for_body=for_body, taken_at=taken_at, content=content)


async def find(tx: Transaction, id_: int) -> HeldEvidence | None:
    """Return evidence by its id, or None."""
    table = staff_evidence
    columns = (table.c.id, table.c.urn, table.c.for_body, table.c.taken_at, table.c.content)
    row = await tx.row(select(*columns).where(table.c.id == id_))
    return None if row is None else HeldEvidence(**row._mapping)
