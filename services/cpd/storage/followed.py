"""How far the register has been followed, saved with what its lines told."""

from collections.abc import Awaitable, Callable, Sequence

from services.cpd.storage.members import REGISTER
from services.cpd.storage.tables import followed
from shared.database import Database, Transaction
from shared.journal import Line, follow


async def follow_register(
    db: Database,
    *,
    fetch: Callable[[int], Awaitable[Sequence[Line]]],
    apply: Callable[[Transaction, Line], Awaitable[None]],
) -> int:
    """Apply the register's next lines, each exactly once, and return how many were applied."""
    return await follow(db, followed, source=REGISTER, fetch=fetch, apply=apply)
