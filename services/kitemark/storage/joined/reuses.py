"""Work that counts twice: each step is a version, the newest open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from services.kitemark.domain.joined.reuse import Reuse, ReuseState
from services.kitemark.storage.facts import ALWAYS, as_known, assert_fact, correct_fact
from services.kitemark.storage.joined.tables import award_reuses
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldReuse:
    """A reuse as it is or was known."""

    id: int
    reuse: Reuse
    known_from: datetime
    version: Row[Any]


async def write(tx: Transaction, told: Reuse, *, record: Record) -> int:
    """Write a reuse that is asked for, and return its id."""
    content = _content(told)
    return await assert_fact(tx, award_reuses, subject=told.urn, valid=ALWAYS, record=record, **content)


async def move(tx: Transaction, held: HeldReuse, told: Reuse, *, record: Record) -> None:
    """Write the next step; those before stay readable."""
    await correct_fact(tx, award_reuses, held.version, record=record, **_content(told))


async def find(tx: Transaction, id_: int) -> HeldReuse | None:
    """Return a reuse by its id, or None."""
    row = await tx.row(select(award_reuses).where(award_reuses.c.id == id_, as_known(award_reuses, None)))
    return None if row is None else _held(row)


async def page(
    tx: Transaction, *, urn: str | None, association: str | None, after: int, limit: int
) -> Sequence[HeldReuse]:
    """Return the reuses of a school or of an association, by id."""
    chosen = select(award_reuses).where(award_reuses.c.id > after, as_known(award_reuses, None))
    if urn is not None:
        chosen = chosen.where(award_reuses.c.subject == urn)
    if association is not None:
        chosen = chosen.where(award_reuses.c.association == association)
    return [_held(row) for row in await tx.rows(chosen.order_by(award_reuses.c.id).limit(limit))]


def _content(told: Reuse) -> dict[str, Any]:
    return {
        "award_body": told.award_body,
        "award_id": told.award_id,
        "association": told.association,
        "entry_id": told.entry_id,
        "work": told.work,
        "state": told.state.value,
    }


def _held(row: Row[Any]) -> HeldReuse:
    return HeldReuse(
        id=row.id,
        reuse=Reuse(
            urn=row.subject,
            award_body=row.award_body,
            award_id=row.award_id,
            association=row.association,
            entry_id=row.entry_id,
            work=row.work,
            state=ReuseState(row.state),
        ),
        known_from=row.known.lower,
        version=row,
    )
