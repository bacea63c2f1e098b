"""How far the work on imports has come, and which worker has it in hand.

This is the worker's own bookkeeping, so no record is asked for: what the rows change has its lines,
written in the same transaction. A lease counts by the database's clock, which all workers share.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple
from typing import Any

import orjson

from services.register.domain.member_import import Totals
from shared.database import Transaction

CLAIMING = 0x696D706F

CLAIM = """
UPDATE imports SET state = 'running', worker = $1, attempts = attempts + 1,
    lease_until = clock_timestamp() + make_interval(secs => $2), started_at = coalesce(started_at, $3)
WHERE id = (
    SELECT i.id FROM imports i
    WHERE (i.state = 'received' OR (i.state = 'running' AND i.lease_until < clock_timestamp()))
        AND NOT EXISTS (
            SELECT FROM imports other
            WHERE other.association = i.association AND other.state = 'running' AND other.id <> i.id)
    ORDER BY i.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, attempts
"""

IN_HAND = """
SELECT next_chunk FROM imports WHERE id = $1 AND worker = $2 AND state = 'running' FOR UPDATE
"""

OUTCOMES = "UPDATE import_chunks SET outcomes = $3 WHERE import_id = $1 AND chunk = $2"

FORWARD = """
UPDATE imports SET next_chunk = next_chunk + 1, attempts = 0,
    lease_until = clock_timestamp() + make_interval(secs => $2),
    created = created + $3, changed = changed + $4, unchanged = unchanged + $5, failed = failed + $6,
    possible_duplicates = possible_duplicates + $7
WHERE id = $1
"""

RELEASE = """
UPDATE imports SET lease_until = clock_timestamp() + make_interval(secs => $3)
WHERE id = $1 AND worker = $2 AND state = 'running'
"""


@asynccontextmanager
async def rehearsal(tx: Transaction) -> AsyncIterator[None]:
    """Whatever is written inside the block is undone at its end, its journal records too."""
    before = len(tx.records)
    savepoint = await tx.connection.begin_nested()
    try:
        yield
    finally:
        await savepoint.rollback()
        del tx.records[before:]


async def claim(tx: Transaction, worker: str, *, seconds: float, started_at: Any) -> tuple[int, int] | None:
    """Take the oldest import that waits, or whose worker has gone silent, of an association that has none
    running; return its id and how often it was taken since it last moved on.
    """
    # One worker at a time looks, so that two never take two imports of one association.
    await tx.driver.execute("SELECT pg_advisory_xact_lock($1)", CLAIMING)
    row = await tx.driver.fetchrow(CLAIM, worker, seconds, started_at)
    return None if row is None else (row["id"], row["attempts"])


async def in_hand(tx: Transaction, import_id: int, worker: str) -> int | None:
    """Hold the import's row and return its next chunk, or None where the worker has lost it."""
    found: int | None = await tx.driver.fetchval(IN_HAND, import_id, worker)
    return found


async def move_on(
    tx: Transaction,
    import_id: int,
    chunk: int,
    *,
    outcomes: Sequence[Sequence[Any]],
    totals: Totals,
    seconds: float,
) -> None:
    """Write the outcomes of a chunk, which can be done once only, and go on to the next."""
    await tx.driver.execute(OUTCOMES, import_id, chunk, orjson.dumps(outcomes).decode())
    await tx.driver.execute(FORWARD, import_id, seconds, *astuple(totals))


async def release(tx: Transaction, import_id: int, worker: str, *, seconds: float = 0) -> None:
    """Give an import back, to be taken by anyone after so many seconds."""
    await tx.driver.execute(RELEASE, import_id, worker, seconds)
