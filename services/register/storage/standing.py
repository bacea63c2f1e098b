"""Everything that verdicts are decided from, read for many people with one query for each kind of fact."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, any_, func, literal, or_, select

from services.register.domain.facts import (
    EntryFact,
    Facts,
    LeavingRule,
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

PEOPLE = """
SELECT id, number, specialisms FROM people
WHERE id = ANY($1::bigint[]) AND ($2::timestamptz IS NULL OR created_at <= $2)
"""


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
    leaving: tuple[LeavingRule, ...] = (),
    known_at: datetime | None = None,
) -> dict[int, Facts]:
    """Return the facts of each person as they were known at an instant, now when there is none.

    A number that others were merged into has their facts too; a merged number has the one that was kept.
    Whoever had no number yet at that instant is left out.
    """
    merges = await merges_around(tx, person_ids, known_at=known_at)
    everyone = set(person_ids) | merges.keys() | {merge.kept_id for merge in merges.values()}
    own = await _own_facts(tx, everyone, grace_days=grace_days, leaving=leaving, known_at=known_at)
    merged_into = _merged_into(merges)
    return {
        person_id: _whole(person_id, own, merges, merged_into) for person_id in person_ids if person_id in own
    }


def _of(column: ColumnElement[int], ids: Iterable[int]) -> ColumnElement[bool]:
    return column == any_(literal(list(ids), ARRAY(BigInteger)))


async def _own_facts(
    tx: Transaction,
    ids: Collection[int],
    *,
    grace_days: GraceDays,
    leaving: tuple[LeavingRule, ...],
    known_at: datetime | None,
) -> dict[int, Facts]:
    people = await tx.driver.fetch(PEOPLE, list(ids), known_at)
    memberships = await _read(tx, "memberships", "level", _membership, ids, known_at)
    entries = await _read(tx, "register_entries", "status", _entry, ids, known_at)
    licences = await _read(tx, "licences", "", _licence, ids, known_at)
    scopes = await _read(tx, "licence_scopes", "scope", _scope, ids, known_at)
    sanctions = await _read(tx, "sanctions", "kind public_reason conditions", _sanction, ids, known_at)
    never = grace_days(None)
    return {
        person_id: Facts(
            number=number,
            memberships=memberships.get(person_id, ()),
            entries=entries.get(person_id, ()),
            licences=(held := licences.get(person_id, ())),
            scopes=scopes.get(person_id, ()),
            sanctions=sanctions.get(person_id, ()),
            specialisms=tuple(specialisms),
            grace_days=grace_days(_last_end(held)) if held else never,
            leaving=leaving,
        )
        for person_id, number, specialisms in people
    }


async def _read(
    tx: Transaction,
    table: str,
    columns: str,
    make: Callable[..., AnyFact],
    ids: Collection[int],
    known_at: datetime | None,
) -> Mapping[int, tuple[AnyFact, ...]]:
    """Return the facts of one kind by person, in the order of their days."""
    content = "".join(f", {name}" for name in columns.split())
    known = "upper_inf(known) AND $2::timestamptz IS NULL" if known_at is None else "known @> $2::timestamptz"
    rows = await tx.driver.fetch(
        f"SELECT person_id, lower(valid), upper(valid) - 1{content} FROM {table}"  # noqa: S608 - our own words
        f" WHERE person_id = ANY($1::bigint[]) AND {known} AND NOT isempty(valid) ORDER BY lower(valid), id",
        list(ids),
        known_at,
    )
    by_person: defaultdict[int, list[AnyFact]] = defaultdict(list)
    alike: dict[tuple[Any, ...], AnyFact] = {}
    for person_id, *said in rows:
        key = tuple(said)
        fact = alike.get(key)
        if fact is None:
            fact = alike[key] = make(*said)
        by_person[person_id].append(fact)
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


def _last_end(licences: Sequence[LicenceFact]) -> date | None:
    """Return the day by which the policy of grace is chosen: the end of the last licence."""
    return max((each.valid_to or each.valid_from for each in licences), default=None)


def _membership(first: date, last: date | None, level: str) -> MembershipFact:
    return MembershipFact(level=MembershipLevel(level), valid_from=first, valid_to=last)


def _entry(first: date, last: date | None, status: str) -> EntryFact:
    return EntryFact(status=EntryStatus(status), valid_from=first, valid_to=last)


def _licence(first: date, last: date | None) -> LicenceFact:
    return LicenceFact(valid_from=first, valid_to=last)


def _scope(first: date, last: date | None, scope: str) -> ScopeFact:
    return ScopeFact(scope=Scope(scope), valid_from=first, valid_to=last)


def _sanction(
    first: date, last: date | None, kind: str, public_reason: str, conditions: str | None
) -> SanctionFact:
    return SanctionFact(
        kind=SanctionKind(kind),
        public_reason=public_reason,
        conditions=conditions,
        valid_from=first,
        valid_to=last,
    )
