"""Listing what looks like one award told twice: a body withdraws one, nothing is merged for it."""

from services.kitemark.storage.policing import duplicates
from services.kitemark.storage.policing.duplicates import Duplicate
from shared.database import Database
from shared.paging import Page, page_of, place_of


async def page(db: Database, *, body: str | None, after: str | None, limit: int) -> Page[Duplicate]:
    """Return pairs of awards as they are known now, of a body where one is named, in a stable order."""
    one, other = place_of(after, int, int) or (0, 0)
    async with db.reading() as tx:
        found = await duplicates.page(tx, body=body, after=(one, other), limit=limit + 1)
    return page_of(found, limit=limit, place=lambda pair: pair.place)
