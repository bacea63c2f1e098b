"""Changes ↔ lines of the journal, looked through a stretch at a time, so that no question is long."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.kitemark.storage.tables import journal
from shared.database import Transaction
from shared.journal import Line, read_after

STRETCH = 1_000
"""So many lines are looked through at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """The lines of a stretch that were asked for, where it ends, and whether the journal ends there."""

    lines: Sequence[Line]
    to: int
    ends: bool


async def stretch(tx: Transaction, *, after: int, events: Collection[str]) -> Stretch:
    """Return those lines of the stretch after a position that tell of ``events``, in order."""
    found = await read_after(tx, journal, after=after, limit=STRETCH)
    return Stretch(
        lines=[line for line in found if line.event in events],
        to=found[-1].position if found else after,
        ends=len(found) < STRETCH,
    )
