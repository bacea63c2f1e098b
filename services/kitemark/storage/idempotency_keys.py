"""First answers to requests with an idempotency key; deleting expired ones changes no decision."""

from datetime import datetime

from services.kitemark.storage.tables import answers
from shared import idempotency
from shared.database import Transaction


async def forget_expired(tx: Transaction, *, now: datetime) -> int:
    """Delete what is no longer kept and return how many answers that were."""
    return await idempotency.forget_expired(tx, answers, now=now)
