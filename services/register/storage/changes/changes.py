"""Changes ↔ lines of the journal, looked through a stretch at a time, so that no question is long."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.database import Transaction

STRETCH = 5_000
"""So many lines are looked through at once; a follower of few people skips faster than it reads."""

_END = """
SELECT max(position), count(*) FROM (
    SELECT position FROM journal WHERE position > $1 ORDER BY position LIMIT $2
) AS stretch
"""
_OF_EVERYBODY = """
SELECT j.position, j.at, j.event, j.subject, j.facts FROM journal j
JOIN people p ON p.number = j.subject
WHERE j.position > $1 AND j.position <= $2 AND j.event = ANY($3::text[])
    AND NOT EXISTS (
        SELECT FROM unlistings u WHERE u.person_id = p.id AND upper_inf(u.known) AND u.lifted_by IS NULL)
ORDER BY j.position LIMIT $4
"""
# Whoever was merged into somebody is looked at with them: the membership may be on either record.
_OF_MEMBERS = """
WITH RECURSIVE stretch AS MATERIALIZED (
    SELECT j.position, j.at, j.event, j.subject, j.facts, p.id AS person_id FROM journal j
    JOIN people p ON p.number = j.subject
    WHERE j.position > $1 AND j.position <= $2 AND j.event = ANY($3::text[])
), one_person (person_id, id) AS (
    SELECT DISTINCT person_id, person_id FROM stretch
    UNION
    SELECT o.person_id, m.person_id FROM one_person o
    JOIN merges m ON m.kept_person_id = o.id AND upper_inf(m.known) AND NOT isempty(m.valid)
), own AS (
    SELECT DISTINCT o.person_id FROM one_person o
    JOIN memberships s ON s.person_id = o.id
    WHERE s.association = $5 AND upper_inf(s.known) AND s.valid @> $6::date
)
SELECT position, at, event, subject, facts FROM stretch
WHERE facts ->> 'association' = $5
    OR (person_id IN (SELECT person_id FROM own)
        AND (event = ANY($7::text[]) OR facts ->> 'association' IS NULL))
ORDER BY position LIMIT $4
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A line of the journal about a number."""

    position: int
    at: datetime
    event: str
    number: str
    facts: dict[str, Any]


async def end_of_stretch(tx: Transaction, *, after: int) -> tuple[int, bool]:
    """Return the last position to be looked at after ``after``, and whether the journal ends there."""
    row = await tx.driver.fetchrow(_END, after, STRETCH)
    return row["max"] or after, row["count"] < STRETCH


async def of_everybody(
    tx: Transaction, *, after: int, to: int, events: Collection[str], limit: int
) -> Sequence[Change]:
    """Return the changes of all numbers that may be found, in order; not of those shown by number only."""
    return _changes(await tx.driver.fetch(_OF_EVERYBODY, after, to, list(events), limit))


async def of_members(
    tx: Transaction,
    association: str,
    *,
    after: int,
    to: int,
    events: Collection[str],
    public: Collection[str],
    day: date,
    limit: int,
) -> Sequence[Change]:
    """Return the changes of those who are members on ``day``, and what the association told itself.

    Of what another association told of a member, only ``public`` events are among them.
    """
    rows = await tx.driver.fetch(_OF_MEMBERS, after, to, list(events), limit, association, day, list(public))
    return _changes(rows)


def _changes(rows: Sequence[Any]) -> list[Change]:
    return [
        Change(
            position=row["position"],
            at=row["at"],
            event=row["event"],
            number=row["subject"],
            facts=row["facts"],
        )
        for row in rows
    ]
