"""What was heard of CPD audits, line by line, and what registrars decided about it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select

from services.register.domain.cpd_outcomes.outcome import CpdFinding, Effect, Ruling
from services.register.storage.cpd_outcomes.tables import cpd_outcome_decisions, cpd_outcomes, followed
from services.register.storage.tables import people
from shared.database import Database, Transaction
from shared.journal import Line, Record, follow

CPD = "cpd"


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOutcome:
    """A line of CPD with what followed; ``over`` where CPD took a finding back, or it was made good."""

    id: int
    case: int
    person_id: int
    number: str
    finding: CpdFinding
    effect: Effect
    sanction_ids: tuple[int, ...]
    policy_version: str
    heard_at: datetime
    ruling: Ruling | None
    reasons: str | None
    decided_by: str | None
    decided_at: datetime | None
    over: bool


async def follow_cpd(
    db: Database,
    *,
    fetch: Callable[[int], Awaitable[Sequence[Line]]],
    apply: Callable[[Transaction, Line], Awaitable[None]],
) -> int:
    """Apply CPD's next lines, each exactly once, and return how many were applied."""
    return await follow(db, followed, source=CPD, fetch=fetch, apply=apply)


async def hear(
    tx: Transaction,
    line: Line,
    *,
    case: int,
    person_id: int,
    finding: CpdFinding,
    effect: Effect,
    sanction_ids: Sequence[int],
    policy_version: str,
    record: Record,
) -> None:
    """Write what followed from a line; its position is the key, so that it follows once."""
    await tx.execute(
        insert(cpd_outcomes).values(
            position=line.position,
            case_id=case,
            person_id=person_id,
            finding=finding.value,
            effect=effect.value,
            sanction_ids=list(sanction_ids),
            policy_version=policy_version,
            heard_at=record.at,
        )
    )
    tx.record(record)


async def decide(
    tx: Transaction,
    outcome_id: int,
    *,
    ruling: Ruling,
    reasons: str,
    sanction_ids: Sequence[int],
    record: Record,
) -> None:
    """Write what a registrar decided about a proposal; the primary key refuses a second decision."""
    await tx.execute(
        insert(cpd_outcome_decisions).values(
            position=outcome_id,
            ruling=ruling.value,
            reasons=reasons,
            sanction_ids=list(sanction_ids),
            decided_by=record.actor.subject,
            decided_at=record.at,
        )
    )
    tx.record(record)


async def find(tx: Transaction, outcome_id: int) -> HeldOutcome | None:
    """Return what followed from a line, or None."""
    row = await tx.row(_read().where(cpd_outcomes.c.position == outcome_id))
    return None if row is None else _held(row)


async def failure(tx: Transaction, case: int) -> HeldOutcome | None:
    """Return the finding against somebody in a case, or None."""
    row = await tx.row(
        _read().where(cpd_outcomes.c.case_id == case, cpd_outcomes.c.finding == CpdFinding.FAILED.value)
    )
    return None if row is None else _held(row)


async def page(tx: Transaction, *, after: int, limit: int) -> Sequence[HeldOutcome]:
    """Return what was heard, in the order of CPD's lines."""
    rows = await tx.rows(
        _read().where(cpd_outcomes.c.position > after).order_by(cpd_outcomes.c.position).limit(limit)
    )
    return [_held(row) for row in rows]


def _read() -> Select[Any]:
    decided, later = cpd_outcome_decisions, cpd_outcomes.alias("later")
    over = (
        select(later.c.position)
        .where(later.c.case_id == cpd_outcomes.c.case_id, later.c.finding != CpdFinding.FAILED.value)
        .exists()
    )
    return (
        select(
            cpd_outcomes,
            people.c.number,
            decided.c.ruling,
            decided.c.reasons,
            decided.c.sanction_ids.label("imposed"),
            decided.c.decided_by,
            decided.c.decided_at,
            over.label("over"),
        )
        .join(people, people.c.id == cpd_outcomes.c.person_id)
        .outerjoin(decided, decided.c.position == cpd_outcomes.c.position)
    )


def _held(row: Row[Any]) -> HeldOutcome:
    return HeldOutcome(
        id=row.position,
        case=row.case_id,
        person_id=row.person_id,
        number=row.number,
        finding=CpdFinding(row.finding),
        effect=Effect(row.effect),
        sanction_ids=(*row.sanction_ids, *(row.imposed or ())),
        policy_version=row.policy_version,
        heard_at=row.heard_at,
        ruling=None if row.ruling is None else Ruling(row.ruling),
        reasons=row.reasons,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        over=row.over,
    )
