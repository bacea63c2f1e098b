"""Assertions that were used, kept until they expire so that none is taken twice. Not part of the history."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.gateway.storage.tables import used_assertions
from shared.database import Transaction


async def take(tx: Transaction, assertion_id: str, *, client_id: str, expires_at: datetime) -> bool:
    """Remember an assertion; say whether it was new."""
    added = await tx.execute(
        insert(used_assertions)
        .values(client_id=client_id, assertion_id=assertion_id, expires_at=expires_at)
        .on_conflict_do_nothing()
    )
    return bool(added)


async def forget(tx: Transaction, *, before: datetime) -> int:
    """Delete those that expired before an instant, and return how many there were."""
    return await tx.execute(delete(used_assertions).where(used_assertions.c.expires_at <= before))
