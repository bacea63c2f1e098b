"""Public entries: for each number what the public may see, as ready text with the days from which it holds.

They are a projection of the dated facts, written in the transaction that changes the facts; so no
record is asked for here.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.database import Database, Transaction

# Many people read alike but for the number, so each text is sent once, as what stands before and after it;
# nothing (NULL) stands after a number that a text does not have.
UPSERT = """
INSERT INTO public_entries (number, person_id, starts, bodies, version)
SELECT asked.number, asked.person_id, alike.starts,
    ARRAY(SELECT coalesce(text.before || asked.number || text.after, text.before)
        FROM unnest(alike.befores, alike.afters) WITH ORDINALITY AS text (before, after, place)
        ORDER BY place),
    1
FROM unnest($1::bigint[], $2::text[], $3::integer[]) AS asked (person_id, number, kind)
JOIN (
    SELECT kind, array_agg(start ORDER BY start) AS starts, array_agg(before ORDER BY start) AS befores,
        array_agg(after ORDER BY start) AS afters
    FROM unnest($4::integer[], $5::date[], $6::text[], $7::text[]) AS part (kind, start, before, after)
    GROUP BY kind
) AS alike USING (kind)
ORDER BY asked.person_id
ON CONFLICT (number) DO UPDATE
SET starts = excluded.starts, bodies = excluded.bodies, version = public_entries.version + 1
WHERE (public_entries.starts, public_entries.bodies) IS DISTINCT FROM (excluded.starts, excluded.bodies)
"""

STORED = """
SELECT number, person_id, starts, bodies FROM public_entries WHERE person_id = ANY($1::bigint[])
ORDER BY person_id
"""

# The head of the journal is read by the same statement, so that it belongs to the same state; it comes even
# where no number is found. Bodies come as bytes, for they are sent as they are.
ON_DAY = """
SELECT entry.number, convert_to(entry.bodies[width_bucket($2::date, entry.starts)], 'UTF8'), head.position
FROM (SELECT coalesce(max(position), 0) AS position FROM journal) AS head
LEFT JOIN public_entries AS entry ON entry.number = ANY($1::text[])
"""

# Some hundreds to a row: a row for each costs more to read than to look up, one for all is hard to hold.
IN_ORDER = """
SELECT ARRAY(
        SELECT convert_to(entry.bodies[width_bucket($2::date, entry.starts)], 'UTF8')
        FROM unnest(($1::text[])[first:first + 499]) WITH ORDINALITY AS asked (number, place)
        LEFT JOIN public_entries AS entry ON entry.number = asked.number
        ORDER BY asked.place),
    (SELECT coalesce(max(position), 0) FROM journal)
FROM generate_series(1, cardinality($1::text[]), 500) AS first
ORDER BY first
"""

_Part = tuple[date, str, str | None]


@dataclass(frozen=True, slots=True)
class Bodies:
    """What the entries say on one day, by number, and how far the journal had come."""

    by_number: Mapping[str, bytes]
    head: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicEntry:
    """What the public may see of one number: ``bodies[i]`` holds from ``starts[i]`` on."""

    person_id: int
    number: str
    starts: tuple[date, ...]
    bodies: tuple[str, ...]

    def on_day(self, day: date) -> str:
        """Return what is said on a day."""
        return self.bodies[bisect_right(self.starts, day) - 1]


async def save_all(tx: Transaction, entries: Sequence[PublicEntry]) -> int:
    """Write the entries that are new or differ, and return how many that were."""
    kinds: dict[tuple[_Part, ...], int] = {}
    chosen = [kinds.setdefault(_without_number(entry), len(kinds)) for entry in entries]
    parts = [(kind, *part) for text, kind in kinds.items() for part in text]
    said: str = await tx.driver.execute(
        UPSERT,
        [entry.person_id for entry in entries],
        [entry.number for entry in entries],
        chosen,
        *([part[place] for part in parts] for place in range(4)),
    )
    return int(said.rpartition(" ")[2])


async def on_day(db: Database, numbers: Sequence[str], *, day: date) -> Bodies:
    """Return what the entries of these numbers say on a day; a number that was never issued is left out."""
    rows = await db.fetch(ON_DAY, numbers, day)
    return Bodies({row[0]: row[1] for row in rows if row[0]}, rows[0][2])


async def in_order(
    db: Database, numbers: Sequence[str | None], *, day: date
) -> tuple[list[bytes | None], int]:
    """Return what the entries say on a day, one for each number in its place, and the journal's head.

    None stands where nothing was asked, or the number was never issued.
    """
    rows = await db.fetch(IN_ORDER, numbers, day)
    return [body for row in rows for body in row[0]], rows[0][1] if rows else 0


async def stored(tx: Transaction, person_ids: Collection[int]) -> Sequence[PublicEntry]:
    """Return the entries of people as they are stored."""
    rows = await tx.driver.fetch(STORED, list(person_ids))
    return [
        PublicEntry(
            person_id=row["person_id"],
            number=row["number"],
            starts=tuple(row["starts"]),
            bodies=tuple(row["bodies"]),
        )
        for row in rows
    ]


def _without_number(entry: PublicEntry) -> tuple[_Part, ...]:
    """Return each text of an entry as the day on which it starts, and what stands around the number."""
    parts = (body.partition(entry.number) for body in entry.bodies)
    return tuple(
        (start, before, after if found else None)
        for start, (before, found, after) in zip(entry.starts, parts, strict=True)
    )
