"""Merges as registrars read them, and undone: a merge that was an error holds for no day at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select

from services.register.domain.matching.joining import MergeStatus, Survivor, Undoing
from services.register.storage.facts import as_known, correct_fact, days, first_day
from services.register.storage.tables import licences, merges, people, register_entries, sanctions
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldMerge:
    """A merge as it is known now; ``version`` is what a correction has to name."""

    merge_id: int
    person_id: int
    kept_person_id: int
    retired_number: str
    kept_number: str
    survives: tuple[Survivor, ...]
    merged_by: str
    merged_at: datetime
    reason: str
    status: MergeStatus
    undone_by: str | None
    undone_at: datetime | None
    undone_reason: str | None
    version: Row[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A fact that was first known while two records were one: what it is, and with whose row it stays."""

    kind: str
    fact_id: int
    person_id: int


async def find(tx: Transaction, merge_id: int) -> HeldMerge | None:
    """Return the merge, or None."""
    row = await tx.row(_read().where(merges.c.id == merge_id))
    return None if row is None else _held(row)


async def page(tx: Transaction, *, after: int, limit: int) -> Sequence[HeldMerge]:
    """Return merges in the order in which they were made, undone ones among them."""
    rows = await tx.rows(_read().where(merges.c.id > after).order_by(merges.c.id).limit(limit))
    return [_held(row) for row in rows]


async def undo(tx: Transaction, held: HeldMerge, undoing: Undoing, *, record: Record) -> None:
    """Write that a merge never was; the version before stays readable."""
    first = first_day(held.version.valid)
    await correct_fact(
        tx,
        merges,
        held.version,
        valid=days(first, first - timedelta(days=1)),
        undone_by=undoing.by,
        undone_reason=undoing.reason,
        record=record,
    )


async def written_since(tx: Transaction, person_ids: Sequence[int], since: datetime) -> Sequence[Written]:
    """Return sanctions, register entries and licences of these rows, first known at an instant or later."""
    found: list[Written] = []
    for kind, table in (("sanction", sanctions), ("register_entry", register_entries), ("licence", licences)):
        rows = await tx.rows(
            select(table.c.id, table.c.person_id)
            .where(
                table.c.person_id.in_(person_ids),
                table.c.corrects.is_(None),
                func.lower(table.c.known) >= since,
            )
            .order_by(table.c.id)
        )
        kind = {"sanctions": "sanction", "register_entries": "register_entry", "licences": "licence"}[
            table.name
        ]
        found += [Written(kind=kind, fact_id=row.id, person_id=row.person_id) for row in rows]
    return found


def _read() -> Select[Any]:
    kept, retired, made = people.alias("kept"), people.alias("retired"), merges.alias("made")
    merged_at = (
        select(func.lower(made.c.known))
        .where(made.c.id == merges.c.id, made.c.corrects.is_(None))
        .scalar_subquery()
    )
    return (
        select(
            merges,
            kept.c.number.label("kept_number"),
            retired.c.number.label("retired_number"),
            merged_at.label("merged_at"),
            func.isempty(merges.c.valid).label("is_undone"),
            func.lower(merges.c.known).label("known_from"),
        )
        .join(kept, kept.c.id == merges.c.kept_person_id)
        .join(retired, retired.c.id == merges.c.person_id)
        .where(as_known(merges, None))
    )


def _held(row: Row[Any]) -> HeldMerge:
    return HeldMerge(
        merge_id=row.id,
        person_id=row.person_id,
        kept_person_id=row.kept_person_id,
        retired_number=row.retired_number,
        kept_number=row.kept_number,
        survives=tuple(each for each in Survivor if each.value in row.survives),
        merged_by=row.decided_by,
        merged_at=row.merged_at,
        reason=row.reason,
        status=MergeStatus.UNDONE if row.is_undone else MergeStatus.STANDS,
        undone_by=row.undone_by,
        undone_at=row.known_from if row.is_undone else None,
        undone_reason=row.undone_reason,
        version=row,
    )
