"""Questions to a registrar: what a caller sent, until it is forgotten, and what was answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, null, select, update

from services.register.domain.matching.question import QuestionStatus
from services.register.storage.constraints import ChangedMeanwhile
from services.register.storage.matching.tables import match_questions
from services.register.storage.tables import people
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldQuestion:
    """A question; ``sent`` is the row as it was sent, None once it is forgotten."""

    question_id: int
    client_id: str
    asked_at: datetime
    policy_version: str
    sent: dict[str, Any] | None
    status: QuestionStatus
    person_id: int | None
    number: str | None
    answered_by: str | None
    answered_at: datetime | None
    reason: str | None
    forgotten_at: datetime | None


async def ask(
    tx: Transaction, rows: Sequence[dict[str, Any]], *, client_id: str, policy_version: str, record: Record
) -> list[int]:
    """Write one question for each row and return their ids in order; each has a line of its own."""
    if not rows:
        return []
    written = await tx.rows(
        insert(match_questions).returning(match_questions.c.id, sort_by_parameter_order=True),
        [
            {
                "client_id": client_id,
                "asked_by": record.actor.subject,
                "asked_at": record.at,
                "policy_version": policy_version,
                "sent": row,
                "status": QuestionStatus.OPEN.value,
            }
            for row in rows
        ],
    )
    ids = [int(row.id) for row in written]
    for question_id in ids:
        tx.record(replace(record, subject=f"match-question:{question_id}"))
    return ids


async def find(tx: Transaction, question_id: int, *, lock: bool = False) -> HeldQuestion | None:
    """Return the question, held until the transaction ends where it is to be answered, or None."""
    statement = _read().where(match_questions.c.id == question_id)
    row = await tx.row(statement.with_for_update(of=match_questions) if lock else statement)
    return None if row is None else _held(row)


async def page(
    tx: Transaction, *, client_id: str | None, status: QuestionStatus | None, after: int, limit: int
) -> Sequence[HeldQuestion]:
    """Return questions in the order in which they were asked; ``client_id`` None is every caller's."""
    statement = _read().where(match_questions.c.id > after).order_by(match_questions.c.id).limit(limit)
    if client_id is not None:
        statement = statement.where(match_questions.c.client_id == client_id)
    if status is not None:
        statement = statement.where(match_questions.c.status == status.value)
    return [_held(row) for row in await tx.rows(statement)]


async def answer(
    tx: Transaction,
    question_id: int,
    *,
    status: QuestionStatus,
    person_id: int | None,
    reason: str,
    record: Record,
) -> None:
    """Write the answer of the record's actor, unless somebody has answered: then raise ChangedMeanwhile."""
    written = await tx.execute(
        update(match_questions)
        .where(match_questions.c.id == question_id, match_questions.c.status == QuestionStatus.OPEN.value)
        .values(
            status=status.value,
            person_id=person_id,
            answered_by=record.actor.subject,
            answered_at=record.at,
            reason=reason,
        )
    )
    if written != 1:
        raise ChangedMeanwhile
    tx.record(record)


async def forget(
    tx: Transaction, *, before: datetime, limit: int, at: datetime, record: Callable[[str], Record]
) -> int:
    """Erase what was sent, and why it was answered so, with questions asked before an instant.

    Open ones expire. ``record`` is given the subject of each; returns how many there were, at most ``limit``.
    """
    old = (
        select(match_questions.c.id, match_questions.c.status)
        .where(match_questions.c.asked_at < before, match_questions.c.sent.is_not(None))
        .order_by(match_questions.c.id)
        .limit(limit)
        .with_for_update()
    )
    rows = await tx.rows(old)
    ids = [row.id for row in rows]
    gone = {"sent": null(), "reason": null(), "forgotten_at": at}
    table = match_questions.c
    is_open = table.status == QuestionStatus.OPEN.value
    expired = {"status": QuestionStatus.EXPIRED.value, **gone}
    await tx.execute(update(match_questions).where(table.id.in_(ids), is_open).values(expired))
    await tx.execute(update(match_questions).where(table.id.in_(ids), table.sent.is_not(None)).values(gone))
    for question_id in ids:
        tx.record(record(f"match-question:{question_id}"))
    return len(ids)


def _read() -> Select[Any]:
    return select(match_questions, people.c.number).outerjoin(
        people, people.c.id == match_questions.c.person_id
    )


def _held(row: Row[Any]) -> HeldQuestion:
    return HeldQuestion(
        question_id=row.id,
        client_id=row.client_id,
        asked_at=row.asked_at,
        policy_version=row.policy_version,
        sent=row.sent,
        status=QuestionStatus(row.status),
        person_id=row.person_id,
        number=row.number,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        reason=row.reason,
        forgotten_at=row.forgotten_at,
    )
