"""Counts for reports: one statement for each, as of a day and as known at an instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shared.database import Transaction


@dataclass(frozen=True, slots=True)
class Counted:
    """A count and the codes that it is counted by."""

    codes: tuple[str, ...]
    count: int


def _known(table: str) -> str:
    return (
        f"CASE WHEN $2::timestamptz IS NULL THEN upper_inf({table}.known)"
        f" ELSE {table}.known @> $2::timestamptz END"
    )


_MEMBERS = f"""
    SELECT DISTINCT m.association, kept_person(m.person_id) AS person FROM memberships m
    WHERE {_known("m")} AND m.valid @> $1::date
"""  # noqa: S608
_MONTHS = """
    SELECT month::date AS first, (month + interval '1 month')::date AS next
    FROM generate_series(date_trunc('month', $1::date::timestamp) - interval '23 months',
        date_trunc('month', $1::date::timestamp), interval '1 month') AS month
"""

QUALIFICATIONS = f"""
WITH member AS ({_MEMBERS}), held AS (
    SELECT DISTINCT kept_person(h.person_id) AS person, h.framework, h.level, h.qualification
    FROM holdings h WHERE {_known("h")} AND h.valid @> $1::date AND h.status = 'authenticated')
SELECT association, coalesce(framework, 'unknown'), coalesce(level, 'unknown'),
    coalesce(qualification, 'unknown'), count(*)
FROM member LEFT JOIN held USING (person) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608

LICENCES = f"""
WITH month AS ({_MONTHS}), licence AS (
    SELECT lower(l.valid) AS began, upper(l.valid) - 1 AS ended FROM licences l
    WHERE {_known("l")} AND NOT isempty(l.valid))
SELECT to_char(month.first, 'YYYY-MM'), measure.name, count(licence.began)
FROM month CROSS JOIN (VALUES ('ended'), ('issued')) AS measure (name)
LEFT JOIN licence ON CASE measure.name WHEN 'issued' THEN licence.began ELSE licence.ended END
    BETWEEN month.first AND least(month.next - 1, $1::date)
GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608

SANCTIONS = f"""
WITH month AS ({_MONTHS}), sanction AS (
    SELECT first.kind, lower(first.valid) AS began FROM sanctions s
    JOIN sanctions first ON first.id = s.id AND first.corrects IS NULL WHERE {_known("s")})
SELECT to_char(month.first, 'YYYY-MM'), kind.name, count(sanction.began)
FROM month CROSS JOIN (VALUES ('conditions'), ('interim_suspension'), ('suspension'), ('removal'))
    AS kind (name)
LEFT JOIN sanction ON sanction.kind = kind.name
    AND sanction.began BETWEEN month.first AND least(month.next - 1, $1::date)
GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608

OVERLAPS = f"""
WITH member AS ({_MEMBERS})
SELECT a.association, b.association, count(*) FROM member a
JOIN member b ON b.person = a.person AND b.association > a.association GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608

NUMBERS = f"""
WITH member AS ({_MEMBERS})
SELECT 'members', association, count(*) FROM member GROUP BY 2
UNION ALL SELECT 'on_the_register', 'people', count(DISTINCT kept_person(e.person_id))
FROM register_entries e WHERE {_known("e")} AND e.valid @> $1::date AND e.status = 'on_register'
UNION ALL SELECT 'licences', 'in_force', count(*) FROM licences l
WHERE {_known("l")} AND l.valid @> $1::date
UNION ALL SELECT 'scopes', s.scope, count(*) FROM licence_scopes s
WHERE {_known("s")} AND s.valid @> $1::date GROUP BY 2
UNION ALL SELECT 'sanctions', s.kind, count(*) FROM sanctions s
WHERE {_known("s")} AND s.valid @> $1::date GROUP BY 2
ORDER BY 1, 2
"""  # noqa: S608


async def counted(
    tx: Transaction, statement: str, *, day: date, known_at: datetime | None
) -> Sequence[Counted]:
    """Return the counts of a statement of this module."""
    rows = await tx.driver.fetch(statement, day, known_at)
    return [Counted(tuple(row)[:-1], row[len(row) - 1]) for row in rows]
