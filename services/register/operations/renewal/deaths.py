"""Recording a death: the entry and the licence end with the day, and nothing is asked of anybody after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.register.domain.licence import EntryStatus, RegisterEntry
from services.register.domain.person import parse_number
from services.register.domain.renewal.death import DeathAlreadyRecorded, check_death
from services.register.operations.licences import lapse_within
from services.register.operations.public_entries import republish
from services.register.operations.renewal.renewals import as_registrar
from services.register.operations.sanctions import locked
from services.register.storage import licences, policies, register_entries
from services.register.storage.merges import Group
from services.register.storage.register_entries import HeldEntry, just_after
from services.register.storage.renewal import deaths
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Death:
    """Somebody's death as it was recorded."""

    number: str
    died_on: date


async def record_death(
    db: Database,
    once: Once,
    *,
    number: str,
    died_on: date,
    evidence_reference: str,
    actor: Actor,
    now: datetime,
) -> Death:
    """Record that somebody has died; the day itself was still a day of their licence."""
    registrar, canonical = as_registrar(actor), parse_number(number)
    async with db.transaction(registrar, once) as tx:
        group = await locked(tx, canonical)
        if await deaths.recorded(tx, group.ids):
            raise DeathAlreadyRecorded
        known = await policies.licence_policies(tx)
        await lapse_within(tx, group, known=known, actor=registrar, now=now)
        entries = await register_entries.held(tx, group.ids)
        check_death(died_on=died_on, today=london_day(now), entered=entered(entries))
        record = await end(tx, group, entries, died_on=died_on, actor=registrar, now=now)
        await deaths.save(
            tx,
            person_id=group.kept_id,
            died_on=died_on,
            evidence_reference=evidence_reference,
            record=record,
        )
        await republish(tx, group.ids, now=now)
        death = Death(number=group.number, died_on=died_on)
        once.answer(death)
    return death


def entered(entries: Sequence[HeldEntry]) -> date | None:
    """Return the day of the last admission."""
    return max((each.entry.valid_from for each in entries if each.on_register), default=None)


async def end(
    tx: Transaction,
    group: Group,
    entries: Sequence[HeldEntry],
    *,
    died_on: date,
    actor: Actor,
    now: datetime,
) -> Record:
    """End what stands, and say why where the person was ever on the register; return what is recorded."""
    after = died_on + timedelta(days=1)
    standing = [each for each in entries if each.stands(after)]
    held = await licences.held(tx, group.ids)
    running = [each for each in held if each.ended is None or each.valid_to > died_on]
    # Later than all that is known, so that what this wrote can be told from a lapse in the same step.
    record = Record(
        actor=actor,
        at=just_after(now, *entries, *held),
        event="register.deceased",
        subject=group.number,
        facts={"valid_from": after.isoformat()},
    )
    for entry in standing:
        await register_entries.close(tx, entry, last=died_on, record=record)
    if entries:
        await register_entries.enter(
            tx,
            person_id=group.kept_id,
            entry=RegisterEntry(status=EntryStatus.DECEASED, valid_from=after),
            reason=None,
            record=record,
        )
    for licence in running:
        await licences.end(tx, licence, last=died_on, why="died", record=record)
    return record
