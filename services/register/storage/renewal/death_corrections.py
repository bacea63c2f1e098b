"""Corrections of a recorded death: proposed, and decided once."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update

from services.register.domain.renewal.death_correction import DeathCorrection, DeathCorrectionStatus
from services.register.storage.constraints import ChangedMeanwhile
from services.register.storage.renewal.tables import death_corrections
from services.register.storage.tables import people
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldDeathCorrection:
    """A correction with whom it is for."""

    correction_id: int
    person_id: int
    number: str
    evidence_reference: str
    grounds: str
    proposed_at: datetime
    decided_at: datetime | None
    correction: DeathCorrection


async def propose(
    tx: Transaction,
    *,
    person_id: int,
    died_on: date | None,
    evidence_reference: str,
    grounds: str,
    record: Record,
) -> int:
    """Write a proposal by the record's actor and return its id; a person has one that is open."""
    correction_id = await tx.scalar(
        insert(death_corrections)
        .values(
            person_id=person_id,
            status=DeathCorrectionStatus.PROPOSED.value,
            died_on=died_on,
            evidence_reference=evidence_reference,
            grounds=grounds,
            proposed_by=record.actor.subject,
            proposed_at=record.at,
        )
        .returning(death_corrections.c.id)
    )
    tx.record(record)
    return int(correction_id)


async def decide(tx: Transaction, correction_id: int, decided: DeathCorrection, *, record: Record) -> None:
    """Write what became of a proposal that nobody has decided yet, or raise ChangedMeanwhile."""
    written = await tx.execute(
        update(death_corrections)
        .where(
            death_corrections.c.id == correction_id,
            death_corrections.c.status == DeathCorrectionStatus.PROPOSED.value,
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


async def find(tx: Transaction, correction_id: int) -> HeldDeathCorrection | None:
    """Return the correction, or None."""
    row = await tx.row(
        select(death_corrections, people.c.number)
        .join(people, people.c.id == death_corrections.c.person_id)
        .where(death_corrections.c.id == correction_id)
    )
    if row is None:
        return None
    return HeldDeathCorrection(
        correction_id=row.id,
        person_id=row.person_id,
        number=row.number,
        evidence_reference=row.evidence_reference,
        grounds=row.grounds,
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        correction=DeathCorrection(
            died_on=row.died_on,
            proposed_by=row.proposed_by,
            status=DeathCorrectionStatus(row.status),
            decided_by=row.decided_by,
            reason=row.reason,
        ),
    )
