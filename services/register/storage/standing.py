"""Everything that verdicts are decided from, read for many people with one query for each kind of fact."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Row, Table, Text, any_, func, literal, or_, select

from services.register.domain.facts import (
    EntryFact,
    Facts,
    LicenceFact,
    MembershipFact,
    SanctionFact,
    ScopeFact,
)
from services.register.domain.licence import EntryStatus
from services.register.domain.merged_record import together
from services.register.domain.policy import MembershipLevel, Scope
from services.register.domain.sanction import SanctionKind
from services.register.storage import tables
from services.register.storage.facts import as_known
from shared.database import Transaction

AnyFact = TypeVar("AnyFact")
GraceDays = Callable[[date | None], int]
"""Gives the days of grace after a licence that ends, or began, on a day."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Merge:
    """Into whom somebody was merged, and from which day on."""

    kept_id: int
    on: date


async def merges_around(
    tx: Transaction, person_ids: Collection[int], *, known_at: datetime | None = None
) -> dict[int, Merge]:
    """Return every merge that links these people with others, directly or not, by the merged person's id."""
    table = tables.merges
    found: dict[int, Merge] = {}
    asked: set[int] = set()
    next_ids = set(person_ids)
    while next_ids:
        rows = await tx.rows(
            select(table.c.person_id, table.c.kept_person_id, func.lower(table.c.valid).label("first")).where(
                or_(_of(table.c.person_id, next_ids), _of(table.c.kept_person_id, next_ids)),
                as_known(table, known_at),
                func.upper_inf(table.c.valid),
            )
        )
        asked |= next_ids
        found |= {row.person_id: Merge(row.kept_person_id, row.first) for row in rows}
        next_ids = {each for row in rows for each in (row.person_id, row.kept_person_id)} - asked
    return found


async def ids_of(tx: Transaction, numbers: Collection[str]) -> dict[str, int]:
    """Return the person id of each number that was issued."""
    people = tables.people
    wanted = any_(literal(list(numbers), ARRAY(Text)))
    rows = await tx.rows(select(people.c.number, people.c.id).where(people.c.number == wanted))
    return {row.number: row.id for row in rows}


async def journal_head(tx: Transaction) -> int:
    """Return the position of the last line of the journal."""
    return int(await tx.scalar(select(func.coalesce(func.max(tables.journal.c.position), 0))))


async def facts_of(
    tx: Transaction,
    person_ids: Collection[int],
    *,
    grace_days: GraceDays,
    known_at: datetime | None = None,
) -> dict[int, Facts]:
    """Return the facts of each person as they were known at an instant, now when there is none.

    A number that others were merged into has their facts too; a merged number has the one that was kept.
    Whoever had no number yet at that instant is left out.
    """
    merges = await merges_around(tx, person_ids, known_at=known_at)
    everyone = set(person_ids) | merges.keys() | {merge.kept_id for merge in merges.values()}
    own = await _own_facts(tx, everyone, grace_days=grace_days, known_at=known_at)
    merged_into = _merged_into(merges)
    return {
        person_id: _whole(person_id, own, merges, merged_into) for person_id in person_ids if person_id in own
    }


def _of(column: ColumnElement[int], ids: Iterable[int]) -> ColumnElement[bool]:
    return column == any_(literal(list(ids), ARRAY(BigInteger)))


async def _own_facts(
    tx: Transaction, ids: Collection[int], *, grace_days: GraceDays, known_at: datetime | None
) -> dict[int, Facts]:
    people = tables.people
    issued = [] if known_at is None else [people.c.created_at <= known_at]
    rows = await tx.rows(
        select(people.c.id, people.c.number, people.c.specialisms).where(_of(people.c.id, ids), *issued)
    )

    async def read(
        table: Table, columns: str, make: Callable[[Row[Any]], AnyFact]
    ) -> Mapping[int, tuple[AnyFact, ...]]:
        return await _read(tx, table, columns.split(), make, ids, known_at)

    memberships = await read(tables.memberships, "level", _membership)
    entries = await read(tables.register_entries, "status", _entry)
    licences = await read(tables.licences, "", _licence)
    scopes = await read(tables.licence_scopes, "scope", _scope)
    sanctions = await read(tables.sanctions, "kind public_reason conditions", _sanction)
    return {
        row.id: Facts(
            number=row.number,
            memberships=memberships.get(row.id, ()),
            entries=entries.get(row.id, ()),
            licences=(held := licences.get(row.id, ())),
            scopes=scopes.get(row.id, ()),
            sanctions=sanctions.get(row.id, ()),
            specialisms=tuple(row.specialisms),
            grace_days=grace_days(_last_end(held)),
        )
        for row in rows
    }


async def _read(
    tx: Transaction,
    table: Table,
    columns: Sequence[str],
    make: Callable[[Row[Any]], AnyFact],
    ids: Collection[int],
    known_at: datetime | None,
) -> Mapping[int, tuple[AnyFact, ...]]:
    """Return the facts of one kind by person, in the order of their days."""
    first, end = func.lower(table.c.valid).label("first"), func.upper(table.c.valid).label("end")
    rows = await tx.rows(
        select(table.c.person_id, first, end, *(table.c[name] for name in columns))
        .where(_of(table.c.person_id, ids), as_known(table, known_at), ~func.isempty(table.c.valid))
        .order_by(first, table.c.id)
    )
    by_person: defaultdict[int, list[AnyFact]] = defaultdict(list)
    for row in rows:
        by_person[row.person_id].append(make(row))
    return {person_id: tuple(facts) for person_id, facts in by_person.items()}


def _merged_into(merges: Mapping[int, Merge]) -> Mapping[int, list[int]]:
    """Return who was merged into whom, directly or by way of others, the lowest id first."""
    merged_into: defaultdict[int, list[int]] = defaultdict(list)
    for person_id in sorted(merges):
        for kept_id in _way(person_id, merges):
            merged_into[kept_id].append(person_id)
    return merged_into


def _way(person_id: int, merges: Mapping[int, Merge]) -> list[int]:
    """Return the people into whom somebody was merged, one after the other, the last of them kept."""
    way: list[int] = []
    while person_id in merges and merges[person_id].kept_id not in way:
        person_id = merges[person_id].kept_id
        way.append(person_id)
    return way


def _whole(
    person_id: int,
    own: Mapping[int, Facts],
    merges: Mapping[int, Merge],
    merged_into: Mapping[int, Sequence[int]],
) -> Facts:
    others = [own[each] for each in merged_into.get(person_id, ())]
    facts = together(own[person_id], others) if others else own[person_id]
    if person_id not in merges:
        return facts
    kept = own[_way(person_id, merges)[-1]]
    return replace(facts, kept_number=kept.number, merged_on=merges[person_id].on)


def _last(row: Row[Any]) -> date | None:
    return None if row.end is None else row.end - _ONE_DAY


def _last_end(licences: Sequence[LicenceFact]) -> date | None:
    """Return the day by which the policy of grace is chosen: the end of the last licence."""
    return max((each.valid_to or each.valid_from for each in licences), default=None)


def _membership(row: Row[Any]) -> MembershipFact:
    return MembershipFact(level=MembershipLevel(row.level), valid_from=row.first, valid_to=_last(row))


def _entry(row: Row[Any]) -> EntryFact:
    return EntryFact(status=EntryStatus(row.status), valid_from=row.first, valid_to=_last(row))


def _licence(row: Row[Any]) -> LicenceFact:
    return LicenceFact(valid_from=row.first, valid_to=_last(row))


def _scope(row: Row[Any]) -> ScopeFact:
    return ScopeFact(scope=Scope(row.scope), valid_from=row.first, valid_to=_last(row))


def _sanction(row: Row[Any]) -> SanctionFact:
    return SanctionFact(
        kind=SanctionKind(row.kind),
        public_reason=row.public_reason,
        conditions=row.conditions,
        valid_from=row.first,
        valid_to=_last(row),
    )
