"""What each area of the register adds to the sample once its people are there; what is done is left alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.register.operations.conduct import sample as complaints
from services.register.operations.directory.sample import load_sample_draft
from services.register.operations.entry_routes import sample as entry_routes
from services.register.operations.matching import sample as matching
from services.register.operations.posts.sample import load_posts
from shared.actor import Actor
from shared.database import Database


async def load_areas(
    db: Database, *, people: Mapping[str, Mapping[str, Any]], by: Actor, now: datetime
) -> None:
    """Make what is not there yet; ``people`` are the sample's numbers by verdict, ``by`` is a registrar."""
    await load_sample_draft(db, actor=by, now=now)
    await matching.load_sample(db, now=now)
    await entry_routes.load(db, now=now)
    await load_posts(db, now=now)
    await complaints.load(db, number=people["licensed"]["number"], now=now)
