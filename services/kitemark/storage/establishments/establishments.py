"""Establishments as they are known now, and who came before whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, or_, select

from services.kitemark.domain.establishments.gias import Establishment, Link
from services.kitemark.storage.establishments.tables import establishment_links, establishments
from shared.database import Transaction

_COLUMNS = tuple(establishments.c[each.name] for each in fields(Establishment))
LINEAGE = """
WITH RECURSIVE line (number, before, since) AS (
    SELECT l.number, l.linked, coalesce(l.since, e.opened_on) FROM establishment_links l
    LEFT JOIN establishments e ON e.number = l.number
    WHERE l.number = ANY($1::text[]) AND l.kind = ANY($2::text[])
    UNION
    SELECT line.number, l.linked, line.since FROM line
    JOIN establishment_links l ON l.number = line.before AND l.kind = ANY($2::text[])
)
SELECT number, before, since FROM line WHERE before <> number
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """A number whose school went over into another, and from which day on; None where nobody knows."""

    number: str
    since: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """An establishment, and the value by which it is counted; None where the register has none."""

    number: str
    name: str
    group: str | None


async def may_be(tx: Transaction, number: str) -> bool:
    """Say whether a number is one of those that are known; before the first file, any may be."""
    found = await tx.driver.fetchval(
        "SELECT EXISTS (SELECT FROM establishments WHERE number = $1)"
        " OR NOT EXISTS (SELECT FROM establishments)",
        number,
    )
    return bool(found)


async def lineage(
    tx: Transaction, numbers: Collection[str], kinds: Collection[str]
) -> Mapping[str, Sequence[Before]]:
    """Return by number every school that went over into it by links of these kinds, however long the line.

    The day is that on which the last step was taken; a line in a circle does no harm.
    """
    found: dict[str, list[Before]] = {}
    for row in await tx.driver.fetch(LINEAGE, list(numbers), list(kinds)):
        found.setdefault(row["number"], []).append(Before(number=row["before"], since=row["since"]))
    return found


async def find(tx: Transaction, number: str) -> Establishment | None:
    """Return an establishment as it is known now, or None."""
    row = await tx.row(select(*_COLUMNS).where(establishments.c.number == number))
    return None if row is None else _establishment(row)


async def links(tx: Transaction, number: str) -> Sequence[Link]:
    """Return the links of an establishment, by kind and number."""
    c = establishment_links.c
    rows = await tx.rows(
        select(c.number, c.linked, c.kind, c.since).where(c.number == number).order_by(c.kind, c.linked)
    )
    return [Link(number=row.number, linked=row.linked, kind=row.kind, since=row.since) for row in rows]


async def open_on(tx: Transaction, day: date, *, group_by: str, after: str, limit: int) -> Sequence[Placed]:
    """Return the establishments that are open on a day, by number, each with what it is counted by."""
    c = establishments.c
    begun = or_(c.opened_on.is_(None), c.opened_on <= day)
    going_on = or_(and_(c.closed_on.is_(None), c.status != "Closed"), c.closed_on >= day)
    rows = await tx.rows(
        select(c.number, c.name, c[group_by].label("grouped"))
        .where(c.number > after, begun, going_on, c.status != "Proposed to open")
        .order_by(c.number)
        .limit(limit)
    )
    return [Placed(number=row.number, name=row.name, group=row.grouped) for row in rows]


async def search(
    tx: Transaction,
    *,
    words: Sequence[str],
    exactly: Mapping[str, str],
    only_open: bool,
    after: str,
    limit: int,
) -> Sequence[Establishment]:
    """Return establishments with all these words in their names and these values, by number."""
    wanted = select(*_COLUMNS).where(establishments.c.number > after)
    if words:
        wanted = wanted.where(establishments.c.words.contains(list(words)))
    for name, value in exactly.items():
        wanted = wanted.where(establishments.c[name] == value)
    if only_open:
        wanted = wanted.where(establishments.c.status != "Closed")
    rows = await tx.rows(wanted.order_by(establishments.c.number).limit(limit))
    return [_establishment(row) for row in rows]


def _establishment(row: Row[Any]) -> Establishment:
    return Establishment(**row._mapping)
