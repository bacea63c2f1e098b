"""Entries and people counted in single statements, as of a day and as known at an instant."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import text

from services.cpd.domain.reports.activity import UNKNOWN, Activity, Dimension, Participation
from shared.database import Transaction

# Now is what stands: two versions may begin at one instant, and the later one holds.
_TOLD = """CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN known_to IS NULL
    ELSE known_from <= :known_at AND coalesce(known_to, 'infinity') > :known_at END"""
_KNOWN = """CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN upper_inf(e.known)
    ELSE e.known @> CAST(:known_at AS timestamptz) END"""

# Of merged numbers the one that is kept stands for the person, over any number of merges.
_DONE = f"""
WITH RECURSIVE standing AS (
        SELECT number, kept_number FROM merges WHERE {_TOLD}
    ),
    kept AS (
        SELECT m.number, m.kept_number AS root FROM standing m
        UNION ALL SELECT kept.number, m.kept_number FROM kept JOIN standing m ON m.number = kept.root
    ),
    roots AS (
        SELECT number, root FROM kept WHERE NOT EXISTS (SELECT FROM standing m WHERE m.number = kept.root)
    ),
    members AS (
        SELECT coalesce(roots.root, m.number) AS person, m.association, m.level, m.valid_from,
            coalesce(m.valid_to, 'infinity') AS valid_to,
            array_position(ARRAY['professional', 'associate', 'affiliate'], m.level) AS rank
        FROM memberships m LEFT JOIN roots ON roots.number = m.number
        WHERE {_TOLD}
    ),
    done AS (
        SELECT e.id, coalesce(roots.root, e.number) AS person, e.association, e.hours, e.kind, e.approaches,
            e.standards, e.specialisms, upper(e.valid) - 1 AS done_on
        FROM entries e LEFT JOIN roots ON roots.number = e.number
        WHERE e.status = 'done' AND {_KNOWN}
            AND upper(e.valid) - 1 BETWEEN :first AND :last
    )
"""  # noqa: S608 - nothing in it comes from outside

# The level on the day on which it was done; of several after a merge, the highest.
_LEVELLED = """,
    levelled AS (
        SELECT DISTINCT ON (done.id) done.*, m.level
        FROM done LEFT JOIN members m ON m.person = done.person AND m.association = done.association
            AND done.done_on BETWEEN m.valid_from AND m.valid_to
        ORDER BY done.id, m.rank
    )
"""

# What is counted, and under which codes.
_CODES = {
    Dimension.ASSOCIATION: ("", "done", "ARRAY[association]"),
    Dimension.LEVEL: (_LEVELLED, "levelled", "ARRAY[level]"),
    Dimension.KIND: ("", "done", "ARRAY[kind]"),
    Dimension.APPROACH: ("", "done", "approaches"),
    Dimension.STANDARD: ("", "done", "standards"),
    Dimension.SPECIALISM: ("", "done", "specialisms"),
}

_PARTICIPATION = text(f"""
{_DONE},
    held AS (
        SELECT DISTINCT ON (person, association) person, association, level FROM members
        WHERE :last BETWEEN valid_from AND valid_to ORDER BY person, association, rank
    )
SELECT association, held.level, count(*) AS members,
    count(active.person) AS taking_part
FROM held LEFT JOIN (SELECT DISTINCT person, association FROM done) active USING (person, association)
GROUP BY 1, 2 ORDER BY 1, 2
""")  # noqa: S608 - nothing in it comes from outside


async def by(
    tx: Transaction,
    dimension: Dimension,
    *,
    association: str | None,
    first: date,
    last: date,
    known_at: datetime | None,
) -> Sequence[Activity]:
    """Return what was done from a day to a day under each code, of one association's log or of all.

    An entry with several codes counts under each of them, one without any as unknown. Without ``known_at``
    it is as known now.
    """
    more, source, codes = _CODES[dimension]
    statement = text(f"""
{_DONE}{more}
SELECT coalesce(code, :unknown) AS code, count(DISTINCT person) AS people, count(*) AS entries,
    sum(hours) AS hours
FROM {source} LEFT JOIN LATERAL unnest({codes}) AS of (code) ON true
WHERE CAST(:association AS text) IS NULL OR association = :association
GROUP BY 1 ORDER BY 1
""")  # noqa: S608 - one of the expressions above
    given = {"association": association, "first": first, "last": last, "known_at": known_at}
    return [
        Activity(code=row.code, people=row.people, entries=row.entries, hours=row.hours)
        for row in await tx.rows(statement, given | {"unknown": UNKNOWN})
    ]


async def participation(
    tx: Transaction, *, first: date, last: date, known_at: datetime | None
) -> Sequence[Participation]:
    """Return how many are members on the last day, and of how many something done was told."""
    return [
        Participation(
            association=row.association, level=row.level, members=row.members, taking_part=row.taking_part
        )
        for row in await tx.rows(_PARTICIPATION, {"first": first, "last": last, "known_at": known_at})
    ]
