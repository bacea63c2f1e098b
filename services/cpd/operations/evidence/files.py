"""Files that show what an entry tells: linked by the association, read back by it alone, removed by it."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.cpd.clients.evidence_store import EvidenceStore
from services.cpd.domain.access import own_association
from services.cpd.domain.entry import NoSuchEntry
from services.cpd.domain.evidence.content import (
    MOST_OF_AN_ENTRY,
    NoSuchEvidenceFile,
    TooManyEvidenceFiles,
    type_of,
)
from services.cpd.storage import entries
from services.cpd.storage.entries import HeldEntry
from services.cpd.storage.evidence import files
from services.cpd.storage.evidence.files import HeldFile
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.journal import Record

SeenFile = HeldFile
UNLINKED_FOR = timedelta(days=1)


async def add(
    db: Database,
    store: EvidenceStore,
    *,
    entry: int,
    content: bytes,
    stated: str | None,
    actor: Actor,
    now: datetime,
) -> SeenFile:
    """Link a file to an entry of one's own; the same bytes again change nothing.

    Raises NoSuchEntry, EvidenceTypeNotKept, EvidenceTypeMismatch, TooManyEvidenceFiles.
    """
    association = own_association(actor)
    # Both may take a second, in which others are answered.
    kind = await asyncio.to_thread(type_of, content, stated=stated)
    async with db.reading(actor) as tx:
        await _entry(tx, association, entry)
    sha256 = await asyncio.to_thread(_digest, content)
    # Kept before it is linked: a link never leads to nothing, and what nothing leads to is removed daily.
    await store.put(sha256, content)
    async with db.transaction(actor) as tx:
        held = await _entry(tx, association, entry)
        await entries.hold(tx, association, [held.entry_id])
        new = HeldFile(
            id=0,
            entry=entry,
            number=held.entry.number,
            sha256=sha256,
            media_type=kind,
            size=len(content),
            added_at=now,
        )
        return await _linked(tx, new, association=association, actor=actor)


async def of_entry(db: Database, *, entry: int, actor: Actor) -> Sequence[SeenFile]:
    """Return the files of an entry of one's own; raises NoSuchEntry."""
    async with db.reading(actor) as tx:
        await _entry(tx, own_association(actor), entry)
        return await files.of_entry(tx, entry)


async def read(db: Database, store: EvidenceStore, *, id_: int, actor: Actor) -> tuple[SeenFile, bytes]:
    """Return a file of one's own and its bytes; raises NoSuchEvidenceFile."""
    async with db.reading(actor) as tx:
        held = await _file(tx, own_association(actor), id_)
    return held, await store.get(held.sha256)


async def remove(db: Database, *, id_: int, actor: Actor, now: datetime) -> None:
    """Unlink a file of one's own; raises NoSuchEvidenceFile. Its bytes go when nothing else needs them."""
    async with db.transaction(actor) as tx:
        held = await _file(tx, own_association(actor), id_)
        if not await files.unlink(tx, id_, record=_record(held, actor, now, event="evidence.removed")):
            raise NoSuchEvidenceFile


async def remove_unlinked(db: Database, store: EvidenceStore, *, now: datetime) -> int:
    """Delete the bytes to which nothing is linked and return how many files these were.

    What came less than a day ago stays: its link may be about to be written.
    """
    removed = 0
    async for hashes in store.kept_before(now - UNLINKED_FOR):
        async with db.reading() as tx:
            gone = sorted(set(hashes) - await files.linked(tx, hashes))
        if gone:
            await store.delete(gone)
            removed += len(gone)
    return removed


async def _linked(tx: Transaction, new: HeldFile, *, association: str, actor: Actor) -> HeldFile:
    """Return the link to a file of an entry that is held: the one there is, or else a new one."""
    known = await files.of_entry(tx, new.entry)
    same = next((each for each in known if each.sha256 == new.sha256), None)
    if same is not None:
        return same
    if len(known) >= MOST_OF_AN_ENTRY:
        raise TooManyEvidenceFiles
    record = _record(new, actor, new.added_at, event="evidence.added")
    return replace(new, id=await files.link(tx, new, association=association, record=record))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def _entry(tx: Transaction, association: str, id_: int) -> HeldEntry:
    held = await entries.find_by_id(tx, association, id_)
    if held is None:
        raise NoSuchEntry
    return held


async def _file(tx: Transaction, association: str, id_: int) -> HeldFile:
    held = await files.find(tx, association, id_)
    if held is None:
        raise NoSuchEvidenceFile
    return held


def _record(file: HeldFile, actor: Actor, now: datetime, *, event: str) -> Record:
    return Record(actor=actor, at=now, event=event, subject=file.number, facts={"entry": file.entry})
