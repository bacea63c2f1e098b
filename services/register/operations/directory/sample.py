"""A draft of a next edition on a development machine, so that registrars have one to read."""

from datetime import datetime

from services.register.operations.directory.drafts import draft_next
from services.register.storage.directory import editions
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database
from shared.idempotency import WithoutKey

CODE = "sample-draft"


async def load_sample_draft(db: Database, *, actor: Actor, now: datetime) -> None:
    """Begin a draft of the edition that follows the latest, unless it is there."""
    async with db.reading() as tx:
        latest = await editions.latest(tx)
        if latest is None or await editions.find_draft(tx, CODE) is not None:
            return
    await draft_next(
        db,
        WithoutKey(),
        code=CODE,
        revision=latest.revision + 1,
        published_in=london_day(now).strftime("%Y-%m"),
        actor=actor,
        now=now,
    )
