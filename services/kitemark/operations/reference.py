"""The shipped reference data: loaded, looked up, listed."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from services.kitemark.storage import reference as entries
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SHIPPED = Path(__file__).parent.parent / "reference"
LOADER = Actor.system("reference")
AFTER_SHIPPED = 1_000
Vocabulary = Mapping[str, frozenset[str]]
KINDS = (
    "sources",
    "bodies",
    "schemes",
    "criteria_versions",
    "mark_policies",
    "policing_policies",
    "body_ties",
    "provider_standards",
    "provider_circumstances",
    "requirement_rules",
    "adviser_roles",
)


async def load(tx: Transaction, *, now: datetime) -> None:
    """Bring the stored reference data up to what is shipped; what is the same is left alone."""
    for kind in KINDS:
        shipped = shipped_entries(kind)
        await entries.save(tx, kind, shipped, record=_loaded(kind, len(shipped), now))


async def add_entries(
    tx: Transaction, kind: str, added: Sequence[Mapping[str, Any]], *, actor: Actor, now: datetime
) -> None:
    """Write entries beside those that are shipped, listed after them."""
    record = Record(
        actor=actor,
        at=now,
        event="reference.loaded",
        subject=f"reference:{kind}",
        facts={"entries": len(added)},
    )
    await entries.save(tx, kind, added, record=record, first=AFTER_SHIPPED)


async def vocabulary(tx: Transaction, *kinds: str) -> Vocabulary:
    """Return the codes of these kinds of reference data."""
    return {kind: frozenset(each["code"] for each in await entries.bodies(tx, kind)) for kind in kinds}


async def list_entries(db: Database, kind: str, *, after: str | None, limit: int) -> Page[Mapping[str, Any]]:
    """Return a page of a kind of reference data, with the source of each entry."""
    place = place_of(after, int, str)
    async with db.reading() as tx:
        rows = await entries.page(tx, kind, after=place and (place[0], place[1]), limit=limit + 1)
    page = page_of(rows, limit=limit, place=lambda row: (row[0], row[1]["code"]))
    return Page([body for _, body in page.items], page.next)


@cache
def shipped_entries(kind: str) -> Sequence[Mapping[str, Any]]:
    """Return the shipped entries of a kind; sources are kept by their tag, as an object."""
    read = json.loads((SHIPPED / f"{kind}.json").read_text(encoding="utf-8"))
    if isinstance(read, dict):
        return tuple({"code": tag} | content for tag, content in read.items())
    return tuple(read)


def _loaded(kind: str, count: int, now: datetime) -> Record:
    subject = f"reference:{kind}"
    return Record(actor=LOADER, at=now, event="reference.loaded", subject=subject, facts={"entries": count})
