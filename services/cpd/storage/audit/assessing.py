"""Who assesses which case, what stands against it, and what was found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, text

from services.cpd.domain.audit.assigning import Assessor
from services.cpd.domain.audit.case import Step
from services.cpd.storage.audit.tables import (
    audit_assessors,
    audit_assignments,
    audit_conflicts,
    audit_findings,
    audit_refusals,
)
from services.cpd.storage.tables import memberships
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldFinding:
    """What somebody found in a case; ``silence`` where nothing was handed in."""

    place: int
    assessor: str
    outcome: Step
    second: bool
    silence: bool
    pack_version: int | None
    reasons: str
    found_at: datetime


_ASSESSORS = text("""
SELECT a.subject,
    array_remove(array_agg(DISTINCT k.association) || a.association, NULL) AS associations,
    array_remove(array_agg(DISTINCT k.number) || a.number, NULL) AS numbers,
    (SELECT count(*) FROM audit_cases c WHERE c.state IN ('under_assessment', 'second_opinion')
        AND a.subject = (SELECT g.subject FROM audit_assignments g WHERE g.case_id = c.id
                AND g.findings_before = (SELECT count(*) FROM audit_findings f WHERE f.case_id = c.id)
            ORDER BY g.place DESC LIMIT 1)) AS open_cases
FROM audit_assessors a LEFT JOIN audit_conflicts k ON k.subject = a.subject
GROUP BY a.subject ORDER BY a.subject
""")


async def assessors(tx: Transaction) -> Sequence[Assessor]:
    """Return everybody who assesses, with what is a conflict and how many cases they have."""
    return [
        Assessor(
            subject=row.subject,
            associations=frozenset(row.associations),
            numbers=frozenset(row.numbers),
            open_cases=row.open_cases,
        )
        for row in await tx.rows(_ASSESSORS)
    ]


async def name_assessor(
    tx: Transaction, *, subject: str, association: str | None, number: str | None, record: Record
) -> None:
    """Write that somebody assesses; the primary key refuses naming them twice."""
    await tx.execute(
        insert(audit_assessors).values(
            subject=subject,
            association=association,
            number=number,
            named_by=record.actor.subject,
            named_at=record.at,
        )
    )
    tx.record(record)


async def declare_conflict(
    tx: Transaction,
    *,
    subject: str,
    association: str | None,
    number: str | None,
    nature: str,
    record: Record,
) -> None:
    """Write what stands between an assessor and a person or an association."""
    await tx.execute(
        insert(audit_conflicts).values(
            subject=subject,
            association=association,
            number=number,
            nature=nature,
            declared_by=record.actor.subject,
            declared_at=record.at,
        )
    )
    tx.record(record)


async def associations_of(tx: Transaction, numbers: Collection[str], *, since: date) -> frozenset[str]:
    """Return the associations of which a person is or was a member on or after a day, as known now."""
    rows = await tx.rows(
        select(memberships.c.association)
        .where(
            memberships.c.number == func.any(sorted(set(numbers))),
            memberships.c.known_to.is_(None),
            func.coalesce(memberships.c.valid_to, text("'infinity'::date")) >= since,
        )
        .distinct()
    )
    return frozenset(row.association for row in rows)


async def assign(
    tx: Transaction, case_id: int, *, subject: str, second: bool, found: int, record: Record
) -> None:
    """Write to whom a case is given after so many findings; the caller holds its lock."""
    await tx.execute(
        insert(audit_assignments).values(
            case_id=case_id,
            place=await _next(tx, audit_assignments, audit_assignments.c.place, case_id),
            subject=subject,
            second=second,
            findings_before=found,
            given_by=record.actor.subject,
            given_at=record.at,
        )
    )
    tx.record(record)


async def assigned(tx: Transaction, case_id: int, *, found: int) -> str | None:
    """Return to whom a case was given last, None where not since the last of so many findings."""
    row = await tx.row(
        select(audit_assignments.c.subject)
        .where(audit_assignments.c.case_id == case_id, audit_assignments.c.findings_before == found)
        .order_by(audit_assignments.c.place.desc())
        .limit(1)
    )
    return None if row is None else str(row.subject)


async def rulers(tx: Transaction, case_id: int) -> frozenset[str]:
    """Return everybody who decided an appeal in a case."""
    rows = await tx.rows(
        text(
            "SELECT DISTINCT taken_by FROM audit_steps WHERE case_id = :id"
            " AND step IN ('allow_appeal', 'dismiss_appeal', 'reassess')"
        ),
        {"id": case_id},
    )
    return frozenset(row.taken_by for row in rows)


async def taken_part(tx: Transaction, case_id: int) -> frozenset[str]:
    """Return everybody to whom a case was given, who found something in it, and who decided an appeal."""
    rows = await tx.rows(
        text(
            "SELECT subject FROM audit_assignments WHERE case_id = :id"
            " UNION SELECT assessor FROM audit_findings WHERE case_id = :id"
            " UNION SELECT taken_by FROM audit_steps WHERE case_id = :id"
            " AND step IN ('allow_appeal', 'dismiss_appeal', 'reassess')"
        ),
        {"id": case_id},
    )
    return frozenset(row.subject for row in rows)


async def find(
    tx: Transaction,
    case_id: int,
    *,
    outcome: Step,
    second: bool,
    silence: bool,
    pack_version: int | None,
    reasons: str,
    record: Record,
) -> int:
    """Write what somebody found and return its place; nobody can find in a case of their own."""
    place = await _next(tx, audit_findings, audit_findings.c.place, case_id)
    await tx.execute(
        insert(audit_findings).values(
            case_id=case_id,
            place=place,
            assessor=record.actor.subject,
            outcome=outcome.value,
            second=second,
            silence=silence,
            pack_version=pack_version,
            reasons=reasons,
            found_at=record.at,
        )
    )
    tx.record(record)
    return place


async def refuse(
    tx: Transaction, case_id: int, first: HeldFinding, *, second_place: int, second_by: str, record: Record
) -> None:
    """Write that two assessors found against a case; the constraint ``audit_refusals_by_two`` wants two."""
    await tx.execute(
        insert(audit_refusals).values(
            case_id=case_id,
            first_place=first.place,
            first_by=first.assessor,
            second_place=second_place,
            second_by=second_by,
        )
    )
    tx.record(record)


async def findings(tx: Transaction, case_id: int) -> Sequence[HeldFinding]:
    """Return what was found in a case, in order."""
    rows = await tx.rows(
        select(audit_findings).where(audit_findings.c.case_id == case_id).order_by(audit_findings.c.place)
    )
    return [
        HeldFinding(
            place=row.place,
            assessor=row.assessor,
            outcome=Step(row.outcome),
            second=row.second,
            silence=row.silence,
            pack_version=row.pack_version,
            reasons=row.reasons,
            found_at=row.found_at,
        )
        for row in rows
    ]


async def _next(tx: Transaction, table: Any, column: Any, case_id: int) -> int:
    last = await tx.scalar(select(func.max(column)).where(table.c.case_id == case_id))
    return int(last or 0) + 1
