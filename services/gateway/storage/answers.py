"""First answers to requests with an idempotency key."""

from datetime import datetime

from services.gateway.storage.tables import answers
from shared.database import Transaction
from shared.idempotency import forget_expired


async def forget(tx: Transaction, *, now: datetime) -> int:
    """Delete those that are no longer promised, and return how many there were."""
    return await forget_expired(tx, answers, now=now)
