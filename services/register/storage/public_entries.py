"""Public entries: for each number what the public may see, as ready text with the days from which it holds.

They are a projection of the dated facts, written in the transaction that changes the facts; so no
record is asked for here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.database import Database, Transaction

UPSERT = """
INSERT INTO public_entries (number, person_id, starts, bodies, version)
SELECT asked.number, asked.person_id, array_agg(part.start ORDER BY part.start),
    array_agg(part.body ORDER BY part.start), 1
FROM unnest($1::bigint[], $2::text[]) AS asked (person_id, number)
JOIN unnest($3::bigint[], $4::date[], $5::text[]) AS part (person_id, start, body) USING (person_id)
GROUP BY asked.number, asked.person_id
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


async def save_all(tx: Transaction, entries: Sequence[PublicEntry]) -> int:
    """Write the entries that are new or differ, and return how many that were."""
    parts = [
        (entry.person_id, start, body)
        for entry in entries
        for start, body in zip(entry.starts, entry.bodies, strict=True)
    ]
    said: str = await tx.driver.execute(
        UPSERT,
        [entry.person_id for entry in entries],
        [entry.number for entry in entries],
        [person_id for person_id, _, _ in parts],
        [start for _, start, _ in parts],
        [body for _, _, body in parts],
    )
    return int(said.rpartition(" ")[2])


async def on_day(db: Database, numbers: Sequence[str], *, day: date) -> Bodies:
    """Return what the entries of these numbers say on a day; a number that was never issued is left out."""
    rows = await db.fetch(ON_DAY, numbers, day)
    return Bodies({row[0]: row[1] for row in rows if row[0]}, rows[0][2])


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
