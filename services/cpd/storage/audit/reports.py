"""Counts of cases: by association and year, by audit, and of second findings that agree with the first."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from shared.database import Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcomes:
    """How the cases drawn at random in one association stand; ``met`` counts what an appeal restored."""

    year: int | None
    association: str
    met: int
    failed: int
    open: int
    withdrawn: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """In how many refusals, and in how many of them by silence, a second assessor was asked and agreed."""

    year: int
    asked: int
    agreed: int


_OUTCOMES = """
SELECT {year} AS year, s.association,
    count(*) FILTER (WHERE c.state IN ('met', 'overturned')) AS met,
    count(*) FILTER (WHERE c.state IN ('failed', 'failed_under_appeal', 'made_good')) AS failed,
    count(*) FILTER (WHERE c.state = 'withdrawn') AS withdrawn,
    count(*) AS every
FROM audit_samples s JOIN audit_draws d ON d.audit_id = s.audit_id
JOIN audit_cases c ON c.audit_id = s.audit_id AND c.number = s.number
WHERE CAST(:audit_id AS bigint) IS NULL OR s.audit_id = :audit_id
GROUP BY 1, 2 ORDER BY 1, 2
"""
_YEAR = "extract(year FROM d.drawn_at AT TIME ZONE 'Europe/London')::integer"

_AGREEMENT = text("""
SELECT extract(year FROM f.found_at AT TIME ZONE 'Europe/London')::integer AS year, count(*) AS asked,
    count(*) FILTER (WHERE f.outcome = 'find_not_met') AS agreed
FROM audit_findings f WHERE f.second GROUP BY 1 ORDER BY 1
""")


async def by_year(tx: Transaction) -> Sequence[Outcomes]:
    """Return the outcomes of what was drawn at random, by the year of the draw and by association."""
    return await _outcomes(tx, _OUTCOMES.format(year=_YEAR), None)


async def of_audit(tx: Transaction, audit_id: int) -> Sequence[Outcomes]:
    """Return the outcomes of one audit by association."""
    return await _outcomes(tx, _OUTCOMES.format(year="CAST(NULL AS integer)"), audit_id)


async def agreement(tx: Transaction) -> Sequence[Agreement]:
    """Return by year how often a second assessor was asked, and how often they found the same."""
    rows = await tx.rows(_AGREEMENT)
    return [Agreement(year=row.year, asked=row.asked, agreed=row.agreed) for row in rows]


async def _outcomes(tx: Transaction, sql: str, audit_id: int | None) -> Sequence[Outcomes]:
    return [
        Outcomes(
            year=row.year,
            association=row.association,
            met=row.met,
            failed=row.failed,
            withdrawn=row.withdrawn,
            open=row.every - row.met - row.failed - row.withdrawn,
        )
        for row in await tx.rows(text(sql), {"audit_id": audit_id})
    ]
