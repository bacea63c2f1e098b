"""Access tokens that were revoked before they expired."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.gateway.storage.tables import revoked_tokens
from shared.database import Transaction
from shared.journal import Record


async def add(
    tx: Transaction, token_id: str, *, client_id: str, expires_at: datetime, record: Record
) -> None:
    """Store that a token is revoked; a second time changes nothing."""
    added = await tx.execute(
        insert(revoked_tokens)
        .values(token_id=token_id, client_id=client_id, expires_at=expires_at)
        .on_conflict_do_nothing()
    )
    if added:
        tx.record(record)


async def list_standing(tx: Transaction, *, since: datetime) -> Sequence[str]:
    """Return the ids of revoked tokens that expire after ``since``."""
    found = await tx.rows(select(revoked_tokens.c.token_id).where(revoked_tokens.c.expires_at > since))
    return [row.token_id for row in found]


async def forget(tx: Transaction, *, before: datetime) -> int:
    """Delete those that expired before an instant, and return how many there were."""
    return await tx.execute(delete(revoked_tokens).where(revoked_tokens.c.expires_at <= before))
