"""Everything that is shipped: reference data, and the facts that sources tell of."""

from datetime import datetime

from services.kitemark.operations import reference
from services.kitemark.operations.awards import standings
from services.kitemark.operations.reference import LOADER
from shared.database import Database


async def load(db: Database, *, now: datetime) -> None:
    """Bring the database up to what is shipped; what is there already is left alone."""
    async with db.transaction(LOADER) as tx:
        await reference.load(tx, now=now)
        await standings.load_shipped(tx, now=now)
