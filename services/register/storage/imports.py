"""Imports as their association sees them, and the files that they were made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, insert, select, update

from services.register.domain.member_import import ImportState, Totals
from services.register.storage.import_tables import import_chunks, imports
from shared.database import Transaction
from shared.journal import Record

_KEPT_INSIDE = {"worker", "lease_until", "attempts", "txid"}
_SEEN = [column for column in imports.c if column.name not in _KEPT_INSIDE]
_TOTALS = ("created", "changed", "unchanged", "failed", "possible_duplicates")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberImport:
    """One import. ``fields[i]`` is what ``columns[i]`` gives, or None where it is left out."""

    id: int
    association: str
    submitted_by: str
    client_id: str | None
    submitted_at: datetime
    file_name: str
    dry_run: bool
    mapping: Mapping[str, Any]
    columns: tuple[str, ...]
    fields: tuple[str | None, ...]
    warnings: tuple[str, ...]
    rows: int
    chunks: int
    state: ImportState
    problem: str | None
    next_chunk: int
    totals: Totals
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def processed(self) -> int:
        """How many rows have been worked on."""
        done = self.totals
        return done.created + done.changed + done.unchanged + done.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An import to be made."""

    association: str
    submitted_by: str
    client_id: str | None
    file_name: str
    dry_run: bool
    mapping: Mapping[str, Any]
    columns: Sequence[str]
    fields: Sequence[str | None]
    warnings: Sequence[str]
    rows: int


async def create(
    tx: Transaction, submission: Submission, contents: Sequence[str], *, record: Record
) -> MemberImport:
    """Write an import with the contents of its chunks; the record's subject becomes its name."""
    values = {name: getattr(submission, name) for name in Submission.__dataclass_fields__}
    lists = {name: list(values[name]) for name in ("columns", "fields", "warnings")}
    # The arrays of the database hold no NULL here: a column that is left out has the empty name.
    lists["fields"] = [name or "" for name in lists["fields"]]
    row = await tx.row(
        insert(imports)
        .values(
            **values | lists | {"mapping": dict(submission.mapping)},
            submitted_at=record.at,
            chunks=len(contents),
            state=ImportState.RECEIVED.value,
        )
        .returning(*_SEEN)
    )
    assert row is not None  # noqa: S101 - INSERT … RETURNING gives the row or raises
    made = _import(row)
    await tx.driver.execute(
        "INSERT INTO import_chunks (import_id, chunk, association, content)"
        " SELECT $1, place - 1, $2, content"
        " FROM unnest($3::text[]) WITH ORDINALITY AS given (content, place)",
        made.id,
        submission.association,
        list(contents),
    )
    tx.record(replace(record, subject=subject_of(made.id)))
    return made


async def find(tx: Transaction, import_id: int, *, association: str | None = None) -> MemberImport | None:
    """Return an import: of this association, where one is given."""
    chosen = select(*_SEEN).where(imports.c.id == import_id)
    if association is not None:
        chosen = chosen.where(imports.c.association == association)
    row = await tx.row(chosen)
    return None if row is None else _import(row)


async def lock(tx: Transaction, import_id: int, *, association: str) -> MemberImport | None:
    """Return an import of this association and hold its row until the transaction ends."""
    row = await tx.row(
        select(*_SEEN)
        .where(imports.c.id == import_id, imports.c.association == association)
        .with_for_update()
    )
    return None if row is None else _import(row)


async def page(
    tx: Transaction, association: str, *, before: int | None, limit: int
) -> Sequence[MemberImport]:
    """Return an association's imports, newest first."""
    chosen = select(*_SEEN).where(imports.c.association == association)
    if before is not None:
        chosen = chosen.where(imports.c.id < before)
    return [_import(row) for row in await tx.rows(chosen.order_by(imports.c.id.desc()).limit(limit))]


async def end(
    tx: Transaction, import_id: int, state: ImportState, *, problem: str | None = None, record: Record
) -> None:
    """Write that an import is over, and in which state."""
    await tx.execute(
        update(imports)
        .where(imports.c.id == import_id)
        .values(state=state.value, problem=problem, finished_at=record.at, worker=None, lease_until=None)
    )
    tx.record(replace(record, subject=subject_of(import_id)))


async def chunk(tx: Transaction, import_id: int, number: int) -> tuple[list[Any], list[Any] | None]:
    """Return the rows of a chunk, and their outcomes where it was worked on."""
    row = await tx.row(
        select(import_chunks.c.content, import_chunks.c.outcomes).where(
            import_chunks.c.import_id == import_id, import_chunks.c.chunk == number
        )
    )
    assert row is not None  # noqa: S101 - an import is written with all of its chunks
    return orjson.loads(row.content), None if row.outcomes is None else orjson.loads(row.outcomes)


async def has_rows(tx: Transaction, import_id: int) -> bool:
    """Tell whether the rows of an import are still kept."""
    kept = select(import_chunks.c.chunk).where(import_chunks.c.import_id == import_id)
    return bool(await tx.rows(kept.limit(1)))


def subject_of(import_id: int) -> str:
    """Return an import as the journal names it."""
    return f"import:{import_id}"


def _import(row: Row[Any]) -> MemberImport:
    held = dict(row._mapping)
    totals = Totals(**{name: held.pop(name) for name in _TOTALS})
    lists = {
        "columns": tuple(held["columns"]),
        "fields": tuple(name or None for name in held["fields"]),
        "warnings": tuple(held["warnings"]),
    }
    return MemberImport(**held | lists | {"state": ImportState(held["state"]), "totals": totals})
