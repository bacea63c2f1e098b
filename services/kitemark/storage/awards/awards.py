"""Awards ↔ rows: told by a body under its own id, corrected by new versions, never lost."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from services.kitemark.domain.awards.award import Award
from services.kitemark.storage.awards.tables import awards
from services.kitemark.storage.facts import as_known, assert_fact, correct_fact, days, first_day, last_day
from shared.database import Transaction
from shared.journal import Record

_CONTENT = (
    "school",
    "scheme",
    "stage",
    "criteria_version",
    "certificate",
    "assessor",
    "evidence",
    "reassessment_of",
    "withdrawn_on",
    "withdrawn_reason",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldAward:
    """An award in one version; ``version`` is what a correction has to name."""

    id_: int
    award: Award
    known_from: datetime
    version: Row[Any]


async def hold(tx: Transaction, keys: Collection[str]) -> None:
    """Keep these awards from being written by anyone else until the transaction ends."""
    for key in sorted(set(keys)):
        await tx.driver.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", key)


async def find(tx: Transaction, body: str, external_id: str) -> HeldAward | None:
    """Return a body's award as it is known now, or None."""
    found = await many(tx, body, [external_id])
    return found.get(external_id)


async def many(tx: Transaction, body: str, external_ids: Collection[str]) -> dict[str, HeldAward]:
    """Return a body's awards by its own ids, as they are known now."""
    rows = await tx.rows(
        select(awards).where(
            as_known(awards, None), awards.c.body == body, awards.c.external_id.in_(external_ids)
        )
    )
    return {row.external_id: _held(row) for row in rows}


async def add(tx: Transaction, award: Award, *, record: Record) -> None:
    """Write a new award."""
    await assert_fact(
        tx,
        awards,
        subject=award.key,
        valid=days(award.valid_from, award.valid_to),
        record=record,
        body=award.body,
        external_id=award.external_id,
        **_content(award),
    )


async def change(tx: Transaction, held: HeldAward, award: Award, *, record: Record) -> None:
    """Write a new version of an award; the one before stays readable."""
    await correct_fact(
        tx,
        awards,
        held.version,
        valid=days(award.valid_from, award.valid_to),
        record=record,
        **_content(award),
    )


async def of_schools(
    tx: Transaction, schools: Collection[str], *, known_at: datetime | None
) -> dict[str, list[Award]]:
    """Return by school every award as it was known, by one query."""
    rows = await tx.rows(
        select(awards).where(as_known(awards, known_at), awards.c.school.in_(schools)).order_by(awards.c.id)
    )
    found: dict[str, list[Award]] = {}
    for row in rows:
        found.setdefault(row.school, []).append(_held(row).award)
    return found


async def versions(tx: Transaction, body: str, external_id: str) -> Sequence[HeldAward]:
    """Return every version of a body's award, the oldest first."""
    rows = await tx.rows(
        select(awards)
        .where(awards.c.body == body, awards.c.external_id == external_id)
        .order_by(awards.c.row_id)
    )
    return [_held(row) for row in rows]


async def page(
    tx: Transaction, *, body: str | None, scheme: str | None, after: int, limit: int
) -> Sequence[HeldAward]:
    """Return awards as they are known now, of a body or of a scheme where one is named, by their ids."""
    wanted = select(awards).where(as_known(awards, None), awards.c.id > after)
    if body is not None:
        wanted = wanted.where(awards.c.body == body)
    if scheme is not None:
        wanted = wanted.where(awards.c.scheme == scheme)
    rows = await tx.rows(wanted.order_by(awards.c.id).limit(limit))
    return [_held(row) for row in rows]


def _content(award: Award) -> dict[str, Any]:
    return {name: getattr(award, name) for name in _CONTENT}


def _held(row: Row[Any]) -> HeldAward:
    last = last_day(row.valid)
    assert last is not None  # noqa: S101 - days() was given a last day
    return HeldAward(
        id_=row.id,
        award=Award(
            body=row.body,
            external_id=row.external_id,
            valid_from=first_day(row.valid),
            valid_to=last,
            **{name: row._mapping[name] for name in _CONTENT},
        ),
        known_from=row.known.lower,
        version=row,
    )
