"""Tidying what is kept for idempotency keys."""

from datetime import datetime

from services.kitemark.storage import idempotency_keys
from shared.actor import Actor
from shared.database import Database


async def forget_expired(db: Database, *, now: datetime) -> int:
    """Delete first answers that are no longer kept, and return how many there were."""
    async with db.transaction(Actor.system("forget-expired-keys")) as tx:
        return await idempotency_keys.forget_expired(tx, now=now)
