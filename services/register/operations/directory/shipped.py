"""The editions that come with the register: published when it is first started, and never changed afterwards.

Each is a folder of small files in `reference/directory`, one for each part of the document; statements are
spread over several files and stand in the order of their names.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from services.register.domain.directory.completion import completed
from services.register.domain.directory.edition import parse_edition
from services.register.domain.directory.publication import EditionAlreadyPublished
from services.register.operations.directory.drafts import published_record
from services.register.storage.directory import editions
from shared.actor import Actor
from shared.database import Transaction

SHIPPED = Path(__file__).parents[2] / "reference" / "directory"
PARTS = (
    "terms",
    "awarding_bodies",
    "courses",
    "framework_versions",
    "modular_qualifications",
    "organisations",
)


async def load_editions(tx: Transaction, *, actor: Actor, now: datetime) -> None:
    """Publish the shipped editions that are not published yet, unless registrars have published a later one.

    Raises EditionAlreadyPublished where one differs from the published edition of its code.
    """
    for document in shipped():
        published = await editions.document(tx, document["code"])
        if published is None:
            await _publish(tx, document, actor=actor, now=now)
        elif published != document:
            raise EditionAlreadyPublished(code=document["code"])


@cache
def shipped() -> Sequence[Mapping[str, Any]]:
    """Return the shipped editions, the oldest first."""
    return tuple(_read(folder) for folder in sorted(SHIPPED.iterdir()) if folder.is_dir())


async def _publish(tx: Transaction, document: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    # Whoever starts a second register at the same moment finds it published once the first is done.
    await editions.lock_publishing(tx)
    edition, latest = parse_edition(document), await editions.latest(tx)
    if latest is None or latest.revision < edition.revision:
        record = published_record(edition, event="directory.loaded", actor=actor, now=now)
        await editions.publish(tx, edition, worked_on_by=(), published_by=actor.subject, record=record)


def _read(folder: Path) -> dict[str, Any]:
    document = _json(folder / "edition.json")
    document |= {part: _json(folder / f"{part}.json") for part in PARTS}
    statements = [each for file in sorted((folder / "statements").glob("*.json")) for each in _json(file)]
    return completed(document | {"statements": statements})


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
