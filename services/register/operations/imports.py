"""Imports: a member file is sent, read as a whole, and waits to be worked on row by row."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from services.register.domain.member import AssociationNotKnown
from services.register.domain.member_file import FileMapping, parse_mapping
from services.register.domain.member_import import (
    OPEN,
    ImportOver,
    ImportState,
    NoSuchImport,
    NoSuchMapping,
)
from services.register.operations.member_files import FileRow, MemberFile, read_member_file
from services.register.operations.member_records import own_association
from services.register.operations.reference import known_codes
from services.register.storage import import_mappings, imports
from services.register.storage.imports import MemberImport, Submission
from shared.actor import Actor
from shared.database import Database
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

ROWS_PER_CHUNK = 1_000


async def submit(
    db: Database,
    once: Once,
    *,
    content: bytes,
    file_name: str,
    mapping: Mapping[str, Any] | str | None,
    dry_run: bool,
    actor: Actor,
    now: datetime,
) -> MemberImport:
    """Take a member file in, or refuse it as a whole with what is wrong; its rows are worked on afterwards.

    ``mapping`` is the name of a saved mapping, or a mapping itself.
    """
    association = own_association(actor)
    given = await _mapping(db, association, mapping)
    file = await read_member_file(content, given)
    contents = await asyncio.to_thread(_contents, file)
    submission = Submission(
        association=association,
        submitted_by=actor.subject,
        client_id=actor.client_id,
        file_name=file_name,
        dry_run=dry_run,
        mapping=given.as_dict(),
        columns=file.layout.columns,
        fields=[None if name is None else name.value for name in file.layout.fields],
        warnings=file.layout.warnings,
        rows=len(file.rows),
    )
    facts = {"association": association, "rows": submission.rows, "dry_run": dry_run}
    record = Record(actor=actor, at=now, event="import.submitted", subject="", facts=facts)
    async with db.transaction(actor, once) as tx:
        made = await imports.create(tx, submission, contents, record=record)
        once.answer(made)
    return made


async def get(db: Database, *, import_id: int, actor: Actor) -> MemberImport:
    """Return an import of the caller's own association; a foreign one looks like a missing one."""
    association = own_association(actor)
    async with db.reading(actor) as tx:
        found = await imports.find(tx, import_id, association=association)
    if found is None:
        raise NoSuchImport
    return found


async def page(db: Database, *, actor: Actor, after: str | None, limit: int) -> Page[MemberImport]:
    """Return the imports of the caller's association, newest first."""
    association = own_association(actor)
    (before,) = place_of(after, int) or (None,)
    async with db.reading(actor) as tx:
        found = await imports.page(tx, association, before=before, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


async def cancel(db: Database, once: Once, *, import_id: int, actor: Actor, now: datetime) -> MemberImport:
    """Stop an import: what is done stays done, and the rest stays undone."""
    association = own_association(actor)
    async with db.transaction(actor, once) as tx:
        found = await imports.lock(tx, import_id, association=association)
        if found is None:
            raise NoSuchImport
        if found.state not in OPEN:
            raise ImportOver
        record = finished(found, ImportState.CANCELLED, actor=actor, now=now)
        await imports.end(tx, import_id, ImportState.CANCELLED, record=record)
        cancelled = await imports.find(tx, import_id)
        assert cancelled is not None  # noqa: S101 - its row is held
        once.answer(cancelled)
    return cancelled


async def save_mapping(
    db: Database, *, name: str, body: Mapping[str, Any], actor: Actor, now: datetime
) -> tuple[FileMapping, bool]:
    """Keep a mapping under a name, and say whether it is new; the same again changes nothing."""
    association = own_association(actor)
    mapping = parse_mapping(body)
    async with db.transaction(actor) as tx:
        if association not in await known_codes(tx, "associations"):
            raise AssociationNotKnown
        before = await import_mappings.find(tx, association, name)
        if before != mapping.as_dict():
            subject = f"import-mapping:{association}/{name}"
            facts = {"association": association, "columns": len(mapping.columns)}
            record = Record(actor=actor, at=now, event="import-mapping.saved", subject=subject, facts=facts)
            await import_mappings.save(tx, association, name, mapping.as_dict(), record=record)
    return mapping, before is None


async def get_mapping(db: Database, *, name: str, actor: Actor) -> FileMapping:
    """Return a mapping of the caller's own association."""
    return await _mapping(db, own_association(actor), name)


async def page_of_mappings(
    db: Database, *, actor: Actor, after: str | None, limit: int
) -> Page[tuple[str, FileMapping]]:
    """Return the mappings of the caller's association, by name."""
    association = own_association(actor)
    (last,) = place_of(after, str) or ("",)
    async with db.reading(actor) as tx:
        found = await import_mappings.page(tx, association, after=last, limit=limit + 1)
    listed = [(name, parse_mapping(body)) for name, body in found]
    return page_of(listed, limit=limit, place=lambda each: (each[0],))


def finished(made: MemberImport, state: ImportState, *, actor: Actor, now: datetime) -> Record:
    """Return the journal record of an import's end."""
    facts = {"association": made.association, "state": state.value, "dry_run": made.dry_run}
    return Record(actor=actor, at=now, event="import.finished", subject="", facts=facts)


def row_of(stored: Sequence[Any]) -> FileRow:
    """Return a row as it was kept."""
    return FileRow._make(stored)


async def _mapping(db: Database, association: str, mapping: Mapping[str, Any] | str | None) -> FileMapping:
    if mapping is None:
        mapping = {}
    async with db.reading() as tx:
        if association not in await known_codes(tx, "associations"):
            raise AssociationNotKnown
        if not isinstance(mapping, str):
            return parse_mapping(mapping)
        found = await import_mappings.find(tx, association, mapping)
    if found is None:
        raise NoSuchMapping
    return parse_mapping(found)


def _contents(file: MemberFile) -> list[str]:
    """Return the rows in chunks, as JSON: [number in the file, row that it repeats, cells]."""
    return [
        orjson.dumps(file.rows[start : start + ROWS_PER_CHUNK], default=tuple).decode()
        for start in range(0, len(file.rows), ROWS_PER_CHUNK)
    ]
