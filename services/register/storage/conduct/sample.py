"""What has been made of the sample of complaints."""

from sqlalchemy import func, select

from services.register.storage.conduct.tables import complaints
from shared.database import Transaction


async def count(tx: Transaction, submitted_by: str) -> int:
    """Return how many complaints somebody has made."""
    made = await tx.scalar(
        select(func.count()).select_from(complaints).where(complaints.c.submitted_by == submitted_by)
    )
    return int(made or 0)
