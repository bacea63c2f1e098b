"""What the public may read of final decisions, for as long as the policy says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.register.domain.person import parse_number
from services.register.operations.sanctions import named
from services.register.operations.verdicts import Axes
from services.register.storage.conduct import decisions
from services.register.storage.conduct.decisions import Publication
from shared.database import Database

Published = Publication


@dataclass(frozen=True, kw_only=True, slots=True)
class Publications:
    """The decisions published about a person on a day, as they were known at an instant."""

    number: str
    items: Sequence[Publication]
    axes: Axes


async def read(
    db: Database, *, number: str, valid_at: date | None, known_at: datetime | None, now: datetime
) -> Publications:
    """Return what is published of final decisions about whoever a number names, merged records included."""
    canonical = parse_number(number)
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    async with db.reading() as tx:
        group = await named(tx, canonical)
        found = await decisions.published(tx, group.ids, day=axes.valid_at, known_at=axes.known_at)
    return Publications(number=group.number, items=found, axes=axes)
