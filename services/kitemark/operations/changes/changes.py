"""Following what changes marks, from a position on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from services.kitemark.domain.changes.change import TOLD
from services.kitemark.storage.changes import changes
from shared.database import Database
from shared.journal import Line

POLL_SECONDS = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """Some changes in order, the position to go on from, and whether that is the end of the journal."""

    items: Sequence[Line]
    next: int
    caught_up: bool


async def after(
    db: Database, *, position: int, limit: int, seconds: float, gone: Callable[[], Awaitable[bool]]
) -> Changes:
    """Return the changes that follow a position, waiting up to ``seconds`` for the first one.

    A stretch without any is passed over and said to be: ``next`` moves on. Who asked may be ``gone``
    meanwhile.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        found = await _read(db, position, limit=limit)
        over = asyncio.get_running_loop().time() >= deadline
        if found.items or not found.caught_up or over or await gone():
            return found
        position = found.next
        await asyncio.sleep(POLL_SECONDS)


async def _read(db: Database, position: int, *, limit: int) -> Changes:
    async with db.reading() as tx:
        stretch = await changes.stretch(tx, after=position, events=TOLD)
    if len(stretch.lines) > limit:
        items = stretch.lines[:limit]
        return Changes(items=items, next=items[-1].position, caught_up=False)
    return Changes(items=stretch.lines, next=stretch.to, caught_up=stretch.ends)
