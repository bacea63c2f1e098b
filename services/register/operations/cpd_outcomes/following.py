"""Following CPD: each line of its journal applied exactly once, beside whatever the register does."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from services.register.operations.cpd_outcomes import consequences
from services.register.storage.cpd_outcomes import outcomes
from shared.clock import Clock
from shared.database import Database, Transaction
from shared.following import NeighbourJournal
from shared.following import following as beside
from shared.journal import Line


@asynccontextmanager
async def following(db: Database, journal: NeighbourJournal | None, *, clock: Clock) -> AsyncIterator[None]:
    """Follow CPD beside whatever the block does; where there is no CPD, nothing is followed."""
    if journal is None:
        yield
        return

    async def once(wait: float) -> int:
        return await follow_once(db, journal, clock=clock, wait=wait)

    async with beside(once, caught_up=_nothing):
        yield


async def follow_once(db: Database, journal: NeighbourJournal, *, clock: Clock, wait: float = 0.0) -> int:
    """Apply CPD's next lines and return how many that were."""

    async def fetch(position: int) -> Sequence[Line]:
        return await journal.lines_after(position, wait=wait, now=clock())

    async def apply(tx: Transaction, line: Line) -> None:
        await consequences.apply(tx, line, clock=clock)

    return await outcomes.follow_cpd(db, fetch=fetch, apply=apply)


async def _nothing() -> None:
    return None
