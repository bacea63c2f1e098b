"""How far the journal goes."""

from sqlalchemy import func, select

from services.kitemark.storage.tables import journal
from shared.database import Transaction


async def position(tx: Transaction) -> int:
    """Return the position of the last line; 0 where there is none."""
    return int(await tx.scalar(select(func.coalesce(func.max(journal.c.position), 0))))
