"""What associations tell under their own ids ↔ rows: versions that take effect by day, amendments kept."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Row, Table, insert, literal, select, tuple_
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range, distinct_on

from services.cpd.domain.credits.module import Module, parse_module
from services.cpd.domain.credits.programme import Programme, parse_programme
from services.cpd.storage.credits.tables import modules, programmes
from services.cpd.storage.facts import as_known
from shared.database import Transaction
from shared.journal import Record


class Content(Protocol):
    """What every version says of itself."""

    @property
    def version(self) -> str: ...
    @property
    def effective_from(self) -> date: ...
    @property
    def title(self) -> str: ...
    @property
    def withdrawn(self) -> bool: ...
    def as_dict(self) -> dict[str, Any]: ...


Told = TypeVar("Told", bound=Content)


@dataclass(frozen=True, slots=True)
class Shelf(Generic[Told]):
    """Where things of one sort are kept, and how they are read."""

    table: Table
    parse: Callable[[Mapping[str, Any]], Told]


MODULES: Shelf[Module] = Shelf(modules, parse_module)
PROGRAMMES: Shelf[Programme] = Shelf(programmes, parse_programme)


@dataclass(frozen=True, kw_only=True, slots=True)
class Held(Generic[Told]):
    """A version as it is or was known; ``row`` is what an amendment has to name."""

    id: int
    association: str
    code: str
    told: Told
    known_from: datetime
    row: Row[Any]


async def find(
    tx: Transaction, shelf: Shelf[Told], association: str, code: str, version: str
) -> Held[Told] | None:
    """Return a version by its name as it is known, or None."""
    table = shelf.table
    row = await tx.row(
        select(table).where(
            table.c.association == association,
            table.c.code == code,
            table.c.version == version,
            as_known(table, None),
        )
    )
    return None if row is None else _held(shelf, row)


async def in_effect(
    tx: Transaction,
    shelf: Shelf[Told],
    association: str,
    code: str,
    *,
    version: str | None,
    day: date,
    known_at: datetime | None,
) -> Held[Told] | None:
    """Return the version named, or the one in effect on a day, as it was known; None where there is none."""
    table = shelf.table
    chosen = select(table).where(
        table.c.association == association, table.c.code == code, as_known(table, known_at)
    )
    if version is None:
        chosen = chosen.where(table.c.effective_from <= day)
    else:
        chosen = chosen.where(table.c.version == version)
    row = await tx.row(chosen.order_by(table.c.effective_from.desc()).limit(1))
    return None if row is None else _held(shelf, row)


async def versions(tx: Transaction, shelf: Shelf[Told], association: str, code: str) -> Sequence[Held[Told]]:
    """Return every version with every amendment, in the order in which they were told."""
    table = shelf.table
    chosen = select(table).where(table.c.association == association, table.c.code == code)
    return [_held(shelf, row) for row in await tx.rows(chosen.order_by(table.c.row_id))]


async def page(
    tx: Transaction,
    shelf: Shelf[Told],
    *,
    association: str | None,
    day: date,
    after: tuple[str, str] | None,
    limit: int,
) -> Sequence[Held[Told]]:
    """Return of each the version in effect on a day, by association and id."""
    table = shelf.table
    place = (table.c.association, table.c.code)
    chosen = select(table).where(as_known(table, None), table.c.effective_from <= day)
    if association is not None:
        chosen = chosen.where(table.c.association == association)
    if after is not None:
        chosen = chosen.where(tuple_(*place) > tuple_(*map(literal, after)))
    rows = await tx.rows(
        chosen.ext(distinct_on(*place)).order_by(*place, table.c.effective_from.desc()).limit(limit)
    )
    return [_held(shelf, row) for row in rows]


async def known_codes(tx: Transaction, shelf: Shelf[Told], names: Collection[str]) -> frozenset[str]:
    """Return those of the names, each ``association/id``, under which something was told."""
    table = shelf.table
    pairs = [tuple(name.partition("/")[::2]) for name in names]
    rows = await tx.rows(
        select(table.c.association, table.c.code)
        .where(tuple_(table.c.association, table.c.code).in_(pairs), as_known(table, None))
        .distinct()
    )
    return frozenset(f"{row.association}/{row.code}" for row in rows)


async def write(
    tx: Transaction, shelf: Shelf[Told], told: Told, *, association: str, code: str, record: Record
) -> Held[Told]:
    """Write a new version."""
    return await _write(tx, shelf, told, {"association": association, "code": code}, record)


async def amend(
    tx: Transaction, shelf: Shelf[Told], held: Held[Told], told: Told, *, record: Record
) -> Held[Told]:
    """Write what a version says now; what it said before stays readable."""
    named = {"association": held.association, "code": held.code, "id": held.id}
    return await _write(tx, shelf, told, named | {"corrects": held.row._mapping["row_id"]}, record)


async def _write(
    tx: Transaction, shelf: Shelf[Told], told: Told, named: Mapping[str, Any], record: Record
) -> Held[Told]:
    known = literal(Range(record.at, None, bounds="[)"), TSTZRANGE)
    said = {"version": told.version, "effective_from": told.effective_from, "content": told.as_dict()}
    row = await tx.row(insert(shelf.table).values(known=known, **named, **said).returning(shelf.table))
    assert row is not None  # noqa: S101 - an insert returns its row
    tx.record(record)
    return _held(shelf, row)


def _held(shelf: Shelf[Told], row: Row[Any]) -> Held[Told]:
    return Held(
        id=row.id,
        association=row.association,
        code=row.code,
        told=shelf.parse(row.content),
        known_from=row.known.lower,
        row=row,
    )
