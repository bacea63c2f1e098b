"""Reading editions of the directory: the latest, or the one that is asked for."""

from collections.abc import Mapping
from typing import Any

from services.register.storage.directory import editions
from services.register.storage.directory.editions import PublishedEdition
from shared.database import Database, Transaction
from shared.errors import NotFound
from shared.paging import Page, page_of, place_of

SeenEdition = PublishedEdition


class NoSuchEdition(NotFound):
    """There is no published edition {code} of the directory."""


class NoEditionYet(NotFound):
    """No edition of the directory is published yet."""


async def chosen(tx: Transaction, code: str | None) -> SeenEdition:
    """Return the edition of this code, or the latest one for None."""
    if code is None:
        latest = await editions.latest(tx)
        if latest is None:
            raise NoEditionYet
        return latest
    found = await editions.find(tx, code)
    if found is None:
        raise NoSuchEdition(code=code)
    return found


async def document(tx: Transaction, edition: SeenEdition) -> Mapping[str, Any]:
    """Return what an edition says, word for word."""
    found = await editions.document(tx, edition.code)
    if found is None:
        raise NoSuchEdition(code=edition.code)
    return found


async def get(db: Database, *, code: str) -> Mapping[str, Any]:
    """Return an edition as one document, word for word as it was published."""
    async with db.reading() as tx:
        return await document(tx, await chosen(tx, code))


async def page(db: Database, *, after: str | None, limit: int) -> Page[SeenEdition]:
    """Return the published editions, the latest first."""
    (below,) = place_of(after, int) or (None,)
    async with db.reading() as tx:
        found = await editions.page(tx, below=below, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.revision,))
