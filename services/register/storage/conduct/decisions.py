"""Who sits on the panels of a complaint, what they decided, what it imposed, and what is published of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, literal, select
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.dialects.postgresql import insert as upsert

from services.register.domain.conduct.decision import AppealRuling, ComplaintOutcome, Decision
from services.register.domain.conduct.parts import Part
from services.register.storage.conduct.tables import (
    complaint_conflicts,
    complaint_decisions,
    complaint_parts,
    complaint_sanctions,
    decision_publications,
)
from services.register.storage.facts import as_known, days, first_day, last_day
from services.register.storage.tables import sanctions
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """A decision as it was taken: of the first panel, or of the appeal panel."""

    part: Part
    outcome: str
    reasons: str
    public_summary: str
    conditions: str | None
    sanction_days: int | None
    review_on: date | None
    members: tuple[str, ...]
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedSanction:
    """A sanction that was imposed in a complaint, as an interim measure or as its outcome."""

    sanction_id: int
    interim: bool
    review_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """What the public may read of a decision that is final, from a day to a day."""

    outcome: ComplaintOutcome
    public_summary: str
    code_version: str | None
    principles: tuple[str, ...]
    conduct_on: date
    decided_on: date
    published_from: date
    published_to: date | None


async def give_parts(
    tx: Transaction, complaint_id: int, subjects: Collection[str], *, part: Part, record: Record
) -> None:
    """Give people a part; whoever has it already keeps it, and who has another makes the database refuse."""
    for subject in sorted(subjects):
        written = insert(complaint_parts).values(
            complaint_id=complaint_id,
            subject=subject,
            part=part.value,
            given_by=record.actor.subject,
            given_at=record.at,
        )
        await tx.execute(written)
    tx.record(record)


async def declare_conflict(
    tx: Transaction, complaint_id: int, subject: str, *, nature: str, record: Record
) -> bool:
    """Write whose conflict of interest it is; False where one is recorded already."""
    written = upsert(complaint_conflicts).values(
        complaint_id=complaint_id,
        subject=subject,
        nature=nature,
        declared_by=record.actor.subject,
        declared_at=record.at,
    )
    if not await tx.execute(written.on_conflict_do_nothing()):
        return False
    tx.record(record)
    return True


async def conflicts(tx: Transaction, complaint_id: int) -> dict[str, str]:
    """Return the nature of each conflict of interest, by whose it is."""
    rows = await tx.rows(
        select(complaint_conflicts.c.subject, complaint_conflicts.c.nature).where(
            complaint_conflicts.c.complaint_id == complaint_id
        )
    )
    return {row.subject: row.nature for row in rows}


async def decide(
    tx: Transaction,
    complaint_id: int,
    decision: Decision,
    members: Collection[str],
    *,
    policy_version: str,
    record: Record,
) -> None:
    """Write the decision of the first panel, reported by the record's actor."""
    await tx.execute(
        insert(complaint_decisions).values(
            complaint_id=complaint_id,
            part=Part.PANEL.value,
            outcome=decision.outcome.value,
            reasons=decision.reasons.strip(),
            public_summary=decision.public_summary.strip(),
            conditions=decision.conditions,
            sanction_days=decision.sanction_days,
            review_on=decision.review_on,
            members=sorted(set(members)),
            decided_by=record.actor.subject,
            decided_at=record.at,
            policy_version=policy_version,
        )
    )
    tx.record(record)


async def decide_appeal(
    tx: Transaction,
    complaint_id: int,
    ruling: AppealRuling,
    *,
    policy_version: str,
    record: Record,
) -> None:
    """Write the decision of the appeal panel, reported by the record's actor."""
    await tx.execute(
        insert(complaint_decisions).values(
            complaint_id=complaint_id,
            part=Part.APPEAL_PANEL.value,
            outcome=ruling.outcome.value,
            reasons=ruling.reasons.strip(),
            public_summary="",
            members=sorted(set(ruling.members)),
            decided_by=record.actor.subject,
            decided_at=record.at,
            policy_version=policy_version,
        )
    )
    tx.record(record)


async def decided(tx: Transaction, complaint_id: int) -> Sequence[Decided]:
    """Return the decisions of a complaint in the order in which they were taken."""
    rows = await tx.rows(
        select(complaint_decisions)
        .where(complaint_decisions.c.complaint_id == complaint_id)
        .order_by(complaint_decisions.c.decided_at, complaint_decisions.c.part.desc())
    )
    return [_decided(row) for row in rows]


async def link_sanction(
    tx: Transaction,
    complaint_id: int,
    sanction_id: int,
    *,
    interim: bool,
    review_on: date | None,
    record: Record,
) -> None:
    """Write that a sanction was imposed in a complaint, until its end or as its outcome."""
    await tx.execute(
        insert(complaint_sanctions).values(
            complaint_id=complaint_id, sanction_id=sanction_id, interim=interim, review_on=review_on
        )
    )
    tx.record(record)


async def linked_sanctions(tx: Transaction, complaint_id: int) -> Sequence[LinkedSanction]:
    """Return the sanctions that were imposed in a complaint, oldest first."""
    table = complaint_sanctions
    rows = await tx.rows(
        select(table.c.sanction_id, table.c.interim, table.c.review_on)
        .where(table.c.complaint_id == complaint_id)
        .order_by(table.c.sanction_id)
    )
    return [
        LinkedSanction(sanction_id=row.sanction_id, interim=row.interim, review_on=row.review_on)
        for row in rows
    ]


async def liftable(tx: Transaction, complaint_id: int, *, interim: bool, today: date) -> Sequence[int]:
    """Return the sanctions imposed in a complaint that nobody has lifted and that are not over."""
    rows = await tx.rows(
        select(sanctions.c.id)
        .join(complaint_sanctions, complaint_sanctions.c.sanction_id == sanctions.c.id)
        .where(
            complaint_sanctions.c.complaint_id == complaint_id,
            complaint_sanctions.c.interim.is_(interim),
            as_known(sanctions, None),
            sanctions.c.lifted_by.is_(None),
            func.coalesce(func.upper(sanctions.c.valid) > today, True),
        )
        .order_by(sanctions.c.id)
    )
    return [row.id for row in rows]


async def publish(
    tx: Transaction,
    complaint_id: int,
    publication: Publication,
    *,
    person_id: int,
    policy_version: str,
    record: Record,
) -> None:
    """Write what the public may read of a final decision."""
    await tx.execute(
        insert(decision_publications).values(
            complaint_id=complaint_id,
            person_id=person_id,
            outcome=publication.outcome.value,
            public_summary=publication.public_summary,
            code_version=publication.code_version,
            principles=list(publication.principles),
            conduct_on=publication.conduct_on,
            decided_on=publication.decided_on,
            published=literal(days(publication.published_from, publication.published_to), DATERANGE),
            published_at=record.at,
            policy_version=policy_version,
        )
    )
    tx.record(record)


async def published(
    tx: Transaction, person_ids: Collection[int], *, day: date, known_at: datetime | None
) -> Sequence[Publication]:
    """Return what is published about a person on a day, as it was known at an instant, newest first."""
    table = decision_publications
    statement = select(table).where(
        table.c.person_id.in_(person_ids), table.c.published.contains(literal(day))
    )
    if known_at is not None:
        statement = statement.where(table.c.published_at <= known_at)
    rows = await tx.rows(statement.order_by(table.c.decided_on.desc(), table.c.complaint_id.desc()))
    return [_published(row) for row in rows]


def _decided(row: Row[Any]) -> Decided:
    return Decided(
        part=Part(row.part),
        outcome=row.outcome,
        reasons=row.reasons,
        public_summary=row.public_summary,
        conditions=row.conditions,
        sanction_days=row.sanction_days,
        review_on=row.review_on,
        members=tuple(row.members),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def _published(row: Row[Any]) -> Publication:
    return Publication(
        outcome=ComplaintOutcome(row.outcome),
        public_summary=row.public_summary,
        code_version=row.code_version,
        principles=tuple(row.principles),
        conduct_on=row.conduct_on,
        decided_on=row.decided_on,
        published_from=first_day(row.published),
        published_to=last_day(row.published),
    )
