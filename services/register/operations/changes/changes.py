"""Following what changes, from a position on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.register.domain.changes.change import OWN, PUBLIC, shown
from services.register.operations.member_records import own_association
from services.register.storage.changes import changes
from services.register.storage.changes.changes import Change
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database

POLL_SECONDS = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """Some changes in order, the position to go on from, and whether that is the end of the journal."""

    items: Sequence[Change]
    next: int
    caught_up: bool


async def after(
    db: Database,
    *,
    position: int,
    limit: int,
    seconds: float,
    actor: Actor,
    now: datetime,
    gone: Callable[[], Awaitable[bool]],
) -> Changes:
    """Return the changes that follow a position, waiting up to ``seconds`` for the first one.

    Whoever may follow changes is told those of everybody, an association those of its members. A stretch
    without any is passed over and said to be: ``next`` moves on. Who asked may be ``gone`` meanwhile.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    association = None if actor.may("changes:read") else own_association(actor)
    while True:
        found = await _read(db, position, association, limit=limit, now=now)
        over = asyncio.get_running_loop().time() >= deadline
        if found.items or not found.caught_up or over or await gone():
            return found
        position = found.next
        await asyncio.sleep(POLL_SECONDS)


async def _read(
    db: Database, position: int, association: str | None, *, limit: int, now: datetime
) -> Changes:
    async with db.reading() as tx:
        to, ends = await changes.end_of_stretch(tx, after=position)
        if association is None:
            found = await changes.of_everybody(tx, after=position, to=to, events=PUBLIC, limit=limit + 1)
        else:
            found = await changes.of_members(
                tx,
                association,
                after=position,
                to=to,
                events=OWN,
                public=PUBLIC,
                day=london_day(now),
                limit=limit + 1,
            )
    items = [replace(each, facts=shown(each.facts, association=association)) for each in found[:limit]]
    if len(found) > limit:
        return Changes(items=items, next=items[-1].position, caught_up=False)
    return Changes(items=items, next=to, caught_up=ends)
