"""Holdings: the qualifications that people have or work towards, as dated facts with their decisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from services.register.domain.qualification import Holding, HoldingStatus
from services.register.storage.facts import as_known, assert_fact, correct_fact, days, on_day, versions
from services.register.storage.tables import holdings, people
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldHolding:
    """A holding as it is known, with what was written down when it was decided."""

    holding: Holding
    person_id: int
    association: str
    awarding_body: str | None
    decided_at: datetime | None
    method: str | None
    evidence_reference: str | None
    reason: str | None
    version: Row[Any]


async def declare(
    tx: Transaction,
    *,
    person_id: int,
    association: str,
    holding: Holding,
    awarding_body: str | None,
    evidence_reference: str | None,
    record: Record,
    valid_from: date,
) -> int:
    """Write a holding that was declared and return its id; ``holding.holding_id`` is not looked at."""
    return await assert_fact(
        tx,
        holdings,
        person_id=person_id,
        valid=days(valid_from, None),
        record=record,
        association=association,
        awarding_body=awarding_body,
        evidence_reference=evidence_reference,
        **_content(holding),
    )


async def correct(
    tx: Transaction,
    held_holding: HeldHolding,
    holding: Holding,
    *,
    record: Record,
    valid_from: date | None = None,
    **decision: Any,
) -> None:
    """Write a holding as it is now, with the decision's ``decided_at``, ``method``, ``reason`` and so on."""
    await correct_fact(
        tx,
        holdings,
        held_holding.version,
        record=record,
        valid=None if valid_from is None else days(valid_from, None),
        **(_content(holding) | decision),
    )


async def find(tx: Transaction, holding_id: int) -> HeldHolding | None:
    """Return a holding as it is known now."""
    found = await versions(tx, holdings, holdings.c.id == holding_id)
    return _held(found[0]) if found else None


async def submitters(tx: Transaction, holding_id: int) -> frozenset[str]:
    """Return everybody who submitted some version of a holding: who declared it, and who completed it."""
    rows = await tx.rows(select(holdings.c.submitted_by).where(holdings.c.id == holding_id).distinct())
    return frozenset(row.submitted_by for row in rows)


async def held(
    tx: Transaction,
    person_ids: Iterable[int],
    *,
    valid_at: date | None = None,
    known_at: datetime | None = None,
) -> Sequence[HeldHolding]:
    """Return the holdings of these people as they were known, of one day or of all, oldest first."""
    chosen: list[ColumnElement[bool]] = [holdings.c.person_id == func.any(sorted(set(person_ids)))]
    if valid_at is not None:
        chosen.append(on_day(holdings, valid_at))
    return [_held(row) for row in await versions(tx, holdings, *chosen, known_at=known_at)]


async def page(
    tx: Transaction,
    *,
    association: str | None,
    status: HoldingStatus | None,
    after: int,
    limit: int,
) -> Sequence[tuple[HeldHolding, str]]:
    """Return holdings with the number of whose they are, in the order in which they were declared."""
    chosen: list[ColumnElement[bool]] = [as_known(holdings, None), holdings.c.id > after]
    if association is not None:
        chosen.append(holdings.c.association == association)
    if status is not None:
        chosen.append(holdings.c.status == status.value)
    rows = await tx.rows(
        select(holdings, people.c.number)
        .join(people, people.c.id == holdings.c.person_id)
        .where(*chosen)
        .order_by(holdings.c.id)
        .limit(limit)
    )
    return [(_held(row), row.number) for row in rows]


def _content(holding: Holding) -> dict[str, Any]:
    return {
        "qualification": holding.qualification,
        "title": holding.title,
        "framework": holding.framework,
        "level": holding.level,
        "credits": holding.credits,
        "subject": holding.subject,
        "relevant": holding.relevant,
        "awarded_on": holding.awarded_on,
        "expected_on": holding.expected_on,
        "status": holding.status.value,
        "submitted_by": holding.submitted_by,
        "decided_by": holding.decided_by,
    }


def _held(row: Row[Any]) -> HeldHolding:
    return HeldHolding(
        holding=Holding(
            holding_id=row.id,
            qualification=row.qualification,
            title=row.title,
            framework=row.framework,
            level=row.level,
            credits=row.credits,
            subject=row.subject,
            relevant=row.relevant,
            status=HoldingStatus(row.status),
            submitted_by=row.submitted_by,
            decided_by=row.decided_by,
            awarded_on=row.awarded_on,
            expected_on=row.expected_on,
        ),
        person_id=row.person_id,
        association=row.association,
        awarding_body=row.awarding_body,
        decided_at=row.decided_at,
        method=row.method,
        evidence_reference=row.evidence_reference,
        reason=row.reason,
        version=row,
    )
