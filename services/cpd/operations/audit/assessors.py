"""Who assesses, and what stands between an assessor and a person: recorded before a case is given out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.cpd.domain.audit.assigning import Assessor, ConflictWithoutAnybody, NotAnAssessor
from services.cpd.domain.audit.case import check_words
from services.cpd.domain.number import parse_number
from services.cpd.operations.audit.audits import AUDIT
from services.cpd.storage.audit import assessing
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class NewConflict:
    """What stands between an assessor and a person, or everybody of an association."""

    subject: str
    association: str | None
    number: str | None
    nature: str


async def name(
    db: Database,
    once: Once,
    *,
    subject: str,
    association: str | None,
    number: str | None,
    actor: Actor,
    now: datetime,
) -> Assessor:
    """Name an assessor, with the association to which they belong and their own number, if any."""
    actor.require(AUDIT)
    own = None if number is None else parse_number(number)
    async with db.transaction(actor, once) as tx:
        record = Record(
            actor=actor, at=now, event="audit-assessor.named", subject=f"audit-assessor:{subject}", facts={}
        )
        await assessing.name_assessor(tx, subject=subject, association=association, number=own, record=record)
        named = await _get(tx, subject)
        once.answer(named)
    return named


async def declare(
    db: Database, once: Once, *, conflict: NewConflict, actor: Actor, now: datetime
) -> Assessor:
    """Record a conflict; from now on its assessor is given no such case, and finds in none."""
    actor.require(AUDIT)
    nature = check_words(conflict.nature)
    if (conflict.association is None) is (conflict.number is None):
        raise ConflictWithoutAnybody
    number = None if conflict.number is None else parse_number(conflict.number)
    async with db.transaction(actor, once) as tx:
        await _get(tx, conflict.subject)
        record = Record(
            actor=actor,
            at=now,
            event="audit-assessor.conflict-declared",
            subject=f"audit-assessor:{conflict.subject}",
            facts={},
        )
        await assessing.declare_conflict(
            tx,
            subject=conflict.subject,
            association=conflict.association,
            number=number,
            nature=nature,
            record=record,
        )
        shown = await _get(tx, conflict.subject)
        once.answer(shown)
    return shown


async def every(db: Database, *, actor: Actor) -> Sequence[Assessor]:
    """Return everybody who assesses, with their conflicts and how many cases they have."""
    actor.require(AUDIT)
    async with db.reading() as tx:
        return await assessing.assessors(tx)


async def _get(tx: Transaction, subject: str) -> Assessor:
    for each in await assessing.assessors(tx):
        if each.subject == subject:
            return each
    raise NotAnAssessor(subject=subject)
