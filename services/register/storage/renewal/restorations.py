"""Restorations: proposed, decided once, with the end of the removal that a decision brings."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from services.register.domain.renewal.restoration import Restoration, RestorationStatus
from services.register.domain.sanction import SanctionKind
from services.register.storage.constraints import ChangedMeanwhile
from services.register.storage.facts import ONE_DAY, correct_fact, days
from services.register.storage.renewal.tables import restorations
from services.register.storage.sanctions import HeldSanction
from services.register.storage.tables import people, sanctions
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRestoration:
    """A restoration with whom it is for."""

    restoration_id: int
    person_id: int
    number: str
    grounds: str
    application_reference: str
    proposed_at: datetime
    decided_at: datetime | None
    restoration: Restoration


async def propose(
    tx: Transaction, *, person_id: int, grounds: str, application_reference: str, record: Record
) -> int:
    """Write a proposal by the record's actor and return its id; a person has one that is open."""
    restoration_id = await tx.scalar(
        insert(restorations)
        .values(
            person_id=person_id,
            status=RestorationStatus.PROPOSED.value,
            grounds=grounds,
            application_reference=application_reference,
            proposed_by=record.actor.subject,
            proposed_at=record.at,
        )
        .returning(restorations.c.id)
    )
    tx.record(record)
    return int(restoration_id)


async def decide(tx: Transaction, restoration_id: int, decided: Restoration, *, record: Record) -> None:
    """Write what became of a proposal that nobody has decided yet, or raise ChangedMeanwhile."""
    written = await tx.execute(
        update(restorations)
        .where(
            restorations.c.id == restoration_id,
            restorations.c.status == RestorationStatus.PROPOSED.value,
        )
        .values(
            status=decided.status.value,
            decided_by=decided.decided_by,
            decided_at=record.at,
            reason=decided.reason,
        )
    )
    if written != 1:
        raise ChangedMeanwhile
    tx.record(record)


async def end_removal(tx: Transaction, held: HeldSanction, *, on: date, record: Record) -> None:
    """Let a removal hold no longer from the day ``on``; the version before stays readable."""
    assert held.sanction.kind is SanctionKind.REMOVAL  # noqa: S101 - every other kind is lifted
    first = held.sanction.valid_from
    last = max(on, first) - ONE_DAY
    await correct_fact(tx, sanctions, held.version, valid=days(first, last), record=record)


async def find(tx: Transaction, restoration_id: int) -> HeldRestoration | None:
    """Return the restoration, or None."""
    row = await tx.row(_read().where(restorations.c.id == restoration_id))
    return None if row is None else _held(row)


def _read() -> Select[Any]:
    return select(restorations, people.c.number).join(people, people.c.id == restorations.c.person_id)


def _held(row: Row[Any]) -> HeldRestoration:
    return HeldRestoration(
        restoration_id=row.id,
        person_id=row.person_id,
        number=row.number,
        grounds=row.grounds,
        application_reference=row.application_reference,
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        restoration=Restoration(
            proposed_by=row.proposed_by,
            status=RestorationStatus(row.status),
            decided_by=row.decided_by,
            reason=row.reason,
        ),
    )
