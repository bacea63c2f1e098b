"""Everybody who might be meant by many rows, found with one statement, however many the rows."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import asyncpg

from services.register.domain.matching.names import NameKey, name_key_of
from services.register.domain.matching.scoring import Asked, KnownPerson
from services.register.storage import people
from shared.database import Transaction

# By what is one person's alone, and by a name beside a birth: as it is, exchanged, left behind, or with one
# slip, which leaves its length and its first letters or its last about as they were. Each way has its index.
CANDIDATES = """
WITH asked AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[])
    WITH ORDINALITY AS asked (number, name, swapped, born, email, association, member_id, place))
SELECT asked.place, found.id FROM asked
    CROSS JOIN LATERAL (SELECT p.id FROM people p WHERE p.number = asked.number LIMIT $8) found
UNION SELECT asked.place, found.id FROM asked
    CROSS JOIN LATERAL (
        SELECT m.person_id AS id FROM member_ids m
        WHERE m.association = asked.association AND m.member_id = asked.member_id LIMIT $8) found
UNION SELECT asked.place, found.id FROM asked
    CROSS JOIN LATERAL (
        SELECT m.person_id AS id FROM member_ids m WHERE lower(m.email) = asked.email LIMIT $8) found
UNION SELECT asked.place, found.id FROM asked
    CROSS JOIN LATERAL (
        SELECT p.id FROM people p
        WHERE p.folded_name IN (asked.name, asked.swapped) AND p.date_of_birth = asked.born LIMIT $8) found
UNION SELECT asked.place, found.id FROM asked
    CROSS JOIN LATERAL (
        SELECT p.id FROM previous_names n JOIN people p ON p.id = n.person_id
        WHERE n.folded_name IN (asked.name, asked.swapped) AND p.date_of_birth = asked.born LIMIT $8) found
UNION SELECT asked.place, found.id FROM asked
    CROSS JOIN LATERAL (
        SELECT p.id FROM people p
        WHERE p.date_of_birth = asked.born
            AND length(p.folded_name) BETWEEN length(asked.name) - 1 AND length(asked.name) + 1
            AND (left(p.folded_name, 3) = left(asked.name, 3)
                OR right(p.folded_name, 4) = right(asked.name, 4)) LIMIT $8) found
"""

KNOWN = """
SELECT id, number, given_names, family_name, date_of_birth FROM people WHERE id = ANY($1::bigint[])
"""

PREVIOUS = """
SELECT person_id, given_names, family_name FROM previous_names WHERE person_id = ANY($1::bigint[]) ORDER BY id
"""

MEMBERS = """
SELECT person_id, association, member_id, email FROM member_ids WHERE person_id = ANY($1::bigint[])
"""


class _Parts(NamedTuple):
    """What is known of rows of people, by row."""

    people: dict[int, asyncpg.Record]
    previous: dict[int, list[NameKey]]
    members: dict[int, list[asyncpg.Record]]


async def find(tx: Transaction, rows: Sequence[Asked], *, most: int) -> list[list[KnownPerson]]:
    """Return for each row everybody who might be meant, at most ``most`` for each way to find them."""
    found = await tx.driver.fetch(CANDIDATES, *_columns(rows), most)
    groups = await people.groups_of(tx, {person_id for _, person_id in found})
    known = await _known(tx, {group[0]: group for group in groups.values()})
    for_row: list[dict[int, KnownPerson]] = [{} for _ in rows]
    for place, person_id in found:
        kept_id = groups[person_id][0]
        for_row[place - 1][kept_id] = known[kept_id]
    return [list(each.values()) for each in for_row]


def _columns(rows: Sequence[Asked]) -> list[list[object]]:
    whole = [bool(row.name.given and row.name.family and row.date_of_birth) for row in rows]
    return [
        [row.number for row in rows],
        [row.name.whole if each else None for row, each in zip(rows, whole, strict=True)],
        [row.name.swapped if each else None for row, each in zip(rows, whole, strict=True)],
        [row.date_of_birth if each else None for row, each in zip(rows, whole, strict=True)],
        [row.email for row in rows],
        [row.association for row in rows],
        [row.member_id for row in rows],
    ]


async def _known(tx: Transaction, groups: dict[int, tuple[int, ...]]) -> dict[int, KnownPerson]:
    """Return the people of these groups of rows, by the row that is kept."""
    ids = sorted({each for group in groups.values() for each in group})
    if not ids:
        return {}
    previous: defaultdict[int, list[NameKey]] = defaultdict(list)
    members: defaultdict[int, list[asyncpg.Record]] = defaultdict(list)
    rows = {row["id"]: row for row in await tx.driver.fetch(KNOWN, ids)}
    for row in await tx.driver.fetch(PREVIOUS, ids):
        previous[row["person_id"]].append(name_key_of(row["given_names"], row["family_name"]))
    for row in await tx.driver.fetch(MEMBERS, ids):
        members[row["person_id"]].append(row)
    parts = _Parts(rows, previous, members)
    return {kept_id: _person(kept_id, group, parts) for kept_id, group in groups.items()}


def _person(kept_id: int, group: tuple[int, ...], parts: _Parts) -> KnownPerson:
    rows = [parts.people[each] for each in group]
    members = [member for each in group for member in parts.members.get(each, ())]
    return KnownPerson(
        person_id=kept_id,
        number=parts.people[kept_id]["number"],
        numbers=frozenset(row["number"] for row in rows),
        current=tuple(name_key_of(row["given_names"], row["family_name"]) for row in rows),
        previous=tuple(name for each in group for name in parts.previous.get(each, ())),
        births=frozenset(row["date_of_birth"] for row in rows if row["date_of_birth"] is not None),
        emails=frozenset(member["email"].lower() for member in members if member["email"]),
        member_ids=frozenset((member["association"], member["member_id"]) for member in members),
    )
