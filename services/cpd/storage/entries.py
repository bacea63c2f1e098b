"""The log: every version of every entry, the newest open."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import compress, product
from typing import Any

from sqlalchemy import Row, func, select, text

from services.cpd.domain.counting import Activity
from services.cpd.domain.entry import Entry, EntryStatus
from services.cpd.domain.policy import Evidence
from services.cpd.storage.facts import as_known, assert_fact, correct_fact, days, first_day, last_day
from services.cpd.storage.tables import entries
from shared.database import Transaction
from shared.journal import Record

# A batch reads half a million rows: what each shows is looked up, not put together.
_SHOWN = {
    found: frozenset(compress((Evidence.OUTCOME, Evidence.STANDARD, Evidence.REFLECTION), found))
    for found in product((False, True), repeat=3)
}

_WRITE_MANY = """
INSERT INTO entries (number, valid, known, association, entry_id, status, title, kind, hours, provider,
    approaches, outcomes, standards, specialisms, reflection, effect)
SELECT number, daterange(started_on, done_on, '[]'), tstzrange($3, NULL), $2, entry_id, status, title, kind,
    hours, provider, approaches, outcomes, standards, specialisms, reflection, effect
FROM jsonb_to_recordset($1::jsonb) AS told (number text, started_on date, done_on date, entry_id text,
    status text, title text, kind text, hours numeric, provider text, approaches text[], outcomes text[],
    standards text[], specialisms text[], reflection text, effect text)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldEntry:
    """An entry as it is or was known; ``version`` is what a correction has to name."""

    id: int
    association: str
    entry_id: str
    entry: Entry
    void_reason: str | None
    known_from: datetime
    version: Row[Any]


async def hold(tx: Transaction, association: str, ids: Iterable[str]) -> None:
    """Let nobody else write these entries, known or new, until the transaction ends."""
    # One statement over a sorted list: two batches take the same locks in the same order.
    await tx.execute(
        text(
            "SELECT count(pg_advisory_xact_lock(hashtextextended(name, 0)))"
            " FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS held (name, place)"
        ),
        {"names": sorted({f"entry\n{association}\n{each}" for each in ids})},
    )


async def find(tx: Transaction, association: str, entry_id: str) -> HeldEntry | None:
    """Return an association's entry as it is known, or None."""
    row = await tx.row(
        select(entries).where(
            entries.c.association == association,
            entries.c.entry_id == entry_id,
            as_known(entries, None),
        )
    )
    return None if row is None else _held(row)


async def find_many(tx: Transaction, association: str, ids: Collection[str]) -> Mapping[str, HeldEntry]:
    """Return by the association's own ids those of its entries that are known."""
    rows = await tx.rows(
        select(entries).where(
            entries.c.association == association,
            entries.c.entry_id == func.any(sorted(set(ids))),
            as_known(entries, None),
        )
    )
    return {row.entry_id: _held(row) for row in rows}


async def find_by_id(tx: Transaction, association: str, id_: int) -> HeldEntry | None:
    """Return an association's entry by our id, or None."""
    row = await tx.row(
        select(entries).where(
            entries.c.id == id_, entries.c.association == association, as_known(entries, None)
        )
    )
    return None if row is None else _held(row)


async def versions(tx: Transaction, association: str, id_: int) -> Sequence[HeldEntry]:
    """Return every version of an association's entry, oldest first."""
    rows = await tx.rows(
        select(entries)
        .where(entries.c.id == id_, entries.c.association == association)
        .order_by(entries.c.row_id)
    )
    return [_held(row) for row in rows]


async def page(
    tx: Transaction, association: str, *, numbers: Sequence[str] | None, after: int, limit: int
) -> Sequence[HeldEntry]:
    """Return an association's entries, of these numbers or of everybody, in the order of their ids."""
    chosen = select(entries).where(
        entries.c.association == association, entries.c.id > after, as_known(entries, None)
    )
    if numbers is not None:
        chosen = chosen.where(entries.c.number == func.any(list(numbers)))
    return [_held(row) for row in await tx.rows(chosen.order_by(entries.c.id).limit(limit))]


async def write(tx: Transaction, entry: Entry, *, association: str, entry_id: str, record: Record) -> int:
    """Write a new entry and return our id of it."""
    return await assert_fact(
        tx,
        entries,
        number=entry.number,
        valid=days(entry.started_on, entry.done_on),
        record=record,
        association=association,
        entry_id=entry_id,
        void_reason=None,
        **_content(entry),
    )


async def write_many(
    tx: Transaction, told: Sequence[tuple[str, Entry]], *, association: str, records: Sequence[Record]
) -> None:
    """Write new entries, each by the association's own id, in one statement."""
    if not told:
        return
    rows = [
        _content(entry)
        | {
            "entry_id": entry_id,
            "number": entry.number,
            "started_on": entry.started_on.isoformat(),
            "done_on": entry.done_on.isoformat(),
            "hours": str(entry.hours),
        }
        for entry_id, entry in told
    ]
    await tx.driver.execute(_WRITE_MANY, json.dumps(rows), association, records[0].at)
    for record in records:
        tx.record(record)


async def amend(
    tx: Transaction, held: HeldEntry, entry: Entry, *, record: Record, void_reason: str | None = None
) -> None:
    """Write another version of an entry; those before it stay readable."""
    valid = days(entry.started_on, entry.done_on)
    content = {**_content(entry), "void_reason": void_reason}
    await correct_fact(tx, entries, held.version, valid=valid, record=record, **content)


async def activities_of(
    tx: Transaction,
    numbers: Collection[str],
    *,
    since: date,
    themes: frozenset[str],
    known_at: datetime | None,
) -> Mapping[str, list[Activity]]:
    """Return by number what was or will be done from a day on, without what was voided.

    What an activity is about is read as far as it is one of ``themes``.
    """
    rows = await tx.rows(
        select(
            entries.c.id,
            entries.c.number,
            entries.c.association,
            entries.c.title,
            entries.c.kind,
            entries.c.hours,
            entries.c.status,
            (func.upper(entries.c.valid) - 1).label("done_on"),
            (func.cardinality(entries.c.outcomes) > 0).label("outcome"),
            (func.cardinality(entries.c.standards) > 0).label("standard"),
            entries.c.reflection.is_not(None).label("reflection"),
            *((entries.c.standards, entries.c.specialisms) if themes else ()),
        ).where(
            entries.c.number == func.any(sorted(set(numbers))),
            entries.c.status != EntryStatus.VOIDED.value,
            func.upper(entries.c.valid) > since,
            as_known(entries, known_at),
        )
    )
    found: defaultdict[str, list[Activity]] = defaultdict(list)
    for row in rows:
        found[row.number].append(_activity(row, themes))
    return found


def _activity(row: Row[Any], themes: frozenset[str]) -> Activity:
    return Activity(
        entry_id=row.id,
        association=row.association,
        title=row.title,
        kind=row.kind,
        done_on=row.done_on,
        hours=row.hours,
        planned=row.status == EntryStatus.PLANNED.value,
        shows=_SHOWN[row.outcome, row.standard, row.reflection],
        about=themes.intersection(row.standards + row.specialisms) if themes else themes,
    )


def _content(entry: Entry) -> dict[str, Any]:
    return {
        "status": entry.status.value,
        "title": entry.title,
        "kind": entry.kind,
        "hours": entry.hours,
        "provider": entry.provider,
        "approaches": list(entry.approaches),
        "outcomes": list(entry.outcomes),
        "standards": list(entry.standards),
        "specialisms": list(entry.specialisms),
        "reflection": entry.reflection,
        "effect": entry.effect,
    }


def _held(row: Row[Any]) -> HeldEntry:
    last = last_day(row.valid)
    assert last is not None  # noqa: S101 - days() was given both days
    return HeldEntry(
        id=row.id,
        association=row.association,
        entry_id=row.entry_id,
        entry=Entry(
            number=row.number,
            status=EntryStatus(row.status),
            title=row.title,
            kind=row.kind,
            started_on=first_day(row.valid),
            done_on=last,
            hours=row.hours,
            provider=row.provider,
            approaches=tuple(row.approaches),
            outcomes=tuple(row.outcomes),
            standards=tuple(row.standards),
            specialisms=tuple(row.specialisms),
            reflection=row.reflection,
            effect=row.effect,
        ),
        void_reason=row.void_reason,
        known_from=row.known.lower,
        version=row,
    )
