"""Names to search: for whoever is on the register or was, each name with the keys under which it is found.

They are a projection of people, previous names, merges and register entries, written in the transaction
that changes those; so no record is asked for here. The name at place 0 is the present one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.register.domain.finding.words import Typed
from shared.database import Database, Transaction

MOST_CANDIDATES = 200
"""So many names are ranked at most, those that hold the very words first."""

FEW = 4_000
"""Up to so many people who meet all conditions are put in order; of more, the register is walked in order."""

FORGET = """
DELETE FROM search_names held WHERE person_id = ANY($1::bigint[]) AND NOT EXISTS (
    SELECT FROM unnest($2::bigint[], $3::integer[]) AS kept (person_id, place)
    WHERE (kept.person_id, kept.place) = (held.person_id, held.place))
"""

# No key contains the character that stands between them on their way into an array.
UPSERT = """
INSERT INTO search_names (person_id, place, number, sort, keys)
SELECT person_id, place, number, sort, string_to_array(keys, E'\\x1f')
FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::text[])
    AS given (person_id, place, number, sort, keys)
ORDER BY person_id, place
ON CONFLICT (person_id, place) DO UPDATE SET sort = excluded.sort, keys = excluded.keys
WHERE (search_names.sort, search_names.keys) IS DISTINCT FROM (excluded.sort, excluded.keys)
"""

STORED = """
SELECT person_id, place, number, sort, keys FROM search_names WHERE person_id = ANY($1::bigint[])
ORDER BY person_id, place
"""

_SCOPED = """(
    SELECT e.bodies[width_bucket({day}::date, e.starts)]::jsonb -> 'scopes' ? {scope}
    FROM public_entries e WHERE e.number = {name}.number)"""

# Written out, so that what reads a name is read as a stream of which no more is taken than is wanted.
_FIND = """
WITH exact AS MATERIALIZED (
    SELECT person_id, place, number, sort, keys FROM search_names WHERE keys @> $1::text[]
), first AS MATERIALIZED (
    SELECT * FROM exact LIMIT {most}
), alike AS MATERIALIZED (
    SELECT person_id, place, number, sort, keys FROM search_names WHERE {alike}
), found AS (
    SELECT * FROM first
    UNION ALL SELECT * FROM (
        SELECT * FROM alike WHERE (SELECT count(*) FROM first) < {most} LIMIT {most}) AS others
), ranked AS (
    SELECT DISTINCT ON (number) number, place > 0 AS former, sort,
        CASE WHEN keys @> $1 THEN 0 WHEN {start} THEN 1 WHEN {slip} THEN 2 ELSE 3 END AS matched
    FROM found ORDER BY number, matched, former
)
SELECT r.number, r.matched, r.former, r.sort,
    (SELECT count(*) FROM found) >= {most} AS cut
FROM ranked r
WHERE ($7::text IS NULL OR {scoped})
    AND ($2::integer IS NULL OR (matched * 2 + former::integer, r.sort, r.number) > ($2, $3::text, $4::text))
ORDER BY matched * 2 + former::integer, r.sort, r.number LIMIT $5
"""

COUNT = """
WITH met AS MATERIALIZED (SELECT FROM search_names WHERE keys @> $1::text[])
SELECT count(*) FROM (SELECT FROM met LIMIT $2) AS counted
"""

_LIST = """
WITH met AS {way} (SELECT number, place FROM search_names WHERE {met})
SELECT n.number FROM met n
WHERE n.place = 0 AND n.number > $2 AND ($4::text IS NULL OR {scoped})
ORDER BY n.number LIMIT $3
"""
_SCOPED_LISTED = _SCOPED.format(day="$5", scope="$4", name="n")
LIST_FEW = _LIST.format(way="MATERIALIZED", met="keys @> $1::text[]", scoped=_SCOPED_LISTED)
# The comparison with true keeps the conditions from being looked up: they are met by most.
LIST_MANY = _LIST.format(way="NOT MATERIALIZED", met="(keys @> $1::text[]) IS TRUE", scoped=_SCOPED_LISTED)


class Matched(StrEnum):
    """How the words that were typed are found in a name."""

    EXACT = "exact"
    START = "start"
    SPELLED_ALIKE = "spelled_alike"
    SOUNDS_ALIKE = "sounds_alike"


_MATCHES = tuple(Matched)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchName:
    """A name of somebody, in its place: the present one first, those that were used before after it.

    All of them have their place in the order of names by the present one.
    """

    person_id: int
    place: int
    number: str
    sort: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Somebody who was found: how, whether by a previous name, and in which place of the ranking.

    ``cut`` says that more names were met than are ranked.
    """

    number: str
    matched: Matched | None = None
    previous_name: bool = False
    rank: int = 0
    sort: str = ""
    cut: bool = False


async def save(tx: Transaction, person_ids: Collection[int], names: Sequence[SearchName]) -> None:
    """Make these the names of these people: write what is new or differs, forget all others."""
    places = [each.person_id for each in names], [each.place for each in names]
    await tx.driver.execute(FORGET, list(person_ids), *places)
    if names:
        await tx.driver.execute(
            UPSERT,
            *places,
            [each.number for each in names],
            [each.sort for each in names],
            ["\x1f".join(each.keys) for each in names],
        )


async def stored(tx: Transaction, person_ids: Collection[int]) -> Sequence[SearchName]:
    """Return the names of people as they are stored."""
    rows = await tx.driver.fetch(STORED, list(person_ids))
    return [SearchName(**dict(row) | {"keys": tuple(row["keys"])}) for row in rows]


async def by_words(
    db: Database,
    words: Sequence[Typed],
    *,
    facets: Sequence[str],
    scope: str | None,
    day: date,
    after: tuple[int, str, str] | None,
    limit: int,
) -> Sequence[Hit]:
    """Return whom the words mean, best first: every word has to be met, and every facet."""
    asked = arguments(words, facets=facets, scope=scope, day=day, after=after, limit=limit)
    rows = await db.fetch(statement(len(words), narrowed=bool(facets)), *asked)
    return [
        Hit(
            number=row["number"],
            matched=_MATCHES[row["matched"]],
            previous_name=row["former"],
            rank=row["matched"] * 2 + row["former"],
            sort=row["sort"],
            cut=row["cut"],
        )
        for row in rows
    ]


async def listed(
    db: Database, *, facets: Sequence[str], scope: str | None, day: date, after: str, limit: int
) -> Sequence[Hit]:
    """Return who meets every facet, in the order of their numbers, which is that of chance."""
    many = not facets or (await db.fetch(COUNT, list(facets), FEW))[0][0] == FEW
    rows = await db.fetch(LIST_MANY if many else LIST_FEW, list(facets), after, limit, scope, day)
    return [Hit(number=row["number"]) for row in rows]


def statement(words: int, *, narrowed: bool) -> str:
    """Return the statement for so many words; each of them, and the facets, are conditions of their own."""

    def every(kind: int) -> str:
        first = 9 + kind * words
        return " AND ".join(f"keys && ${first + place}::text[]" for place in range(words))

    return _FIND.format(
        most=MOST_CANDIDATES,
        # An empty list would be met by everybody; still the parameter has to have a type.
        alike=f"{every(0)} AND {'keys @> $6::text[]' if narrowed else '$6::text[] IS NOT NULL'}",
        start=every(1),
        slip=every(2),
        scoped=_SCOPED.format(day="$8", scope="$7", name="r"),
    )


def arguments(
    words: Sequence[Typed],
    *,
    facets: Sequence[str] = (),
    scope: str | None = None,
    day: date,
    after: tuple[int, str, str] | None = None,
    limit: int,
) -> list[object]:
    """Return what the statement for these words is asked with."""
    exact = [*(word.exact for word in words), *facets]
    return [
        exact,
        *(after or (None, None, None)),
        limit,
        list(facets),
        scope,
        day,
        *(word.all for word in words),
        *([word.exact, *word.starts] for word in words),
        *([word.exact, *word.starts, *word.slips] for word in words),
    ]
