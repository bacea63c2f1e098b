"""Correcting a recorded death: one registrar proposes, another confirms, and what it ended holds again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.register.domain.person import parse_number
from services.register.domain.renewal import death_correction as rules
from services.register.domain.renewal.death import check_death
from services.register.domain.renewal.death_correction import DeathCorrectionEvent, DeathCorrectionStatus
from services.register.operations.licences import lapse_within
from services.register.operations.public_entries import republish
from services.register.operations.renewal.deaths import end, entered
from services.register.operations.renewal.renewals import as_registrar
from services.register.operations.sanctions import locked
from services.register.storage import merges, policies, register_entries
from services.register.storage.merges import Group
from services.register.storage.register_entries import A_MOMENT
from services.register.storage.renewal import death_corrections, deaths
from services.register.storage.renewal.death_corrections import HeldDeathCorrection
from services.register.storage.renewal.deaths import HeldDeath
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import NotFound
from shared.idempotency import Once
from shared.journal import Record

SeenDeathCorrection = HeldDeathCorrection


class NoSuchDeathCorrection(NotFound):
    """There is no correction {correction_id} of a death."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedDeathCorrection:
    """Of whom the death was recorded wrongly; ``died_on`` is None for somebody who has not died."""

    number: str
    died_on: date | None
    evidence_reference: str
    grounds: str


async def propose(
    db: Database, once: Once, *, wanted: ProposedDeathCorrection, actor: Actor, now: datetime
) -> SeenDeathCorrection:
    """Propose that somebody died on another day than is recorded, or has not died."""
    registrar, number = as_registrar(actor), parse_number(wanted.number)
    async with db.transaction(registrar, once) as tx:
        group = await locked(tx, number)
        standing = await deaths.standing(tx, group.ids)
        rules.check_change([each.died_on for each in standing], wanted.died_on)
        if wanted.died_on is not None:
            entries = await register_entries.held(tx, group.ids)
            check_death(died_on=wanted.died_on, today=london_day(now), entered=entered(entries))
        correction_id = await death_corrections.propose(
            tx,
            person_id=group.kept_id,
            died_on=wanted.died_on,
            evidence_reference=wanted.evidence_reference,
            grounds=wanted.grounds,
            record=Record(
                actor=registrar, at=now, event="death.correction-proposed", subject=group.number, facts={}
            ),
        )
        proposed = await _get(tx, correction_id)
        once.answer(proposed)
    return proposed


async def decide(
    db: Database,
    once: Once,
    *,
    correction_id: int,
    event: DeathCorrectionEvent,
    reason: str,
    actor: Actor,
    now: datetime,
) -> SeenDeathCorrection:
    """Let entry and licence hold again, to another day or as though nobody had died; or refuse to.

    A licence whose days of grace have passed meanwhile lapses in the same step.
    """
    registrar = as_registrar(actor)
    async with db.transaction(registrar, once) as tx:
        group = await merges.lock_group(tx, (await _get(tx, correction_id)).person_id)
        held = await _get(tx, correction_id)
        decided = rules.decide(held.correction, event, by=registrar.subject, reason=reason)
        standing = await deaths.standing(tx, group.ids)
        record = Record(
            actor=registrar,
            at=max([now, *(each.recorded_at + A_MOMENT for each in standing)]),
            event="death.correction-decided",
            subject=group.number,
            facts={"outcome": decided.status.value, "decided_on": london_day(now).isoformat()},
        )
        await death_corrections.decide(tx, correction_id, decided, record=record)
        if decided.status is DeathCorrectionStatus.CONFIRMED:
            rules.check_change([each.died_on for each in standing], held.correction.died_on)
            for death in standing:
                await deaths.undo(tx, death, group.ids, record=record)
            await _write(tx, group, held, standing, record=record, now=now)
            await republish(tx, group.ids, now=now)
        shown = await _get(tx, correction_id)
        once.answer(shown)
    return shown


async def get(db: Database, *, correction_id: int, actor: Actor) -> SeenDeathCorrection:
    """Return a correction."""
    as_registrar(actor)
    async with db.reading() as tx:
        return await _get(tx, correction_id)


async def _write(
    tx: Transaction,
    group: Group,
    held: HeldDeathCorrection,
    standing: Sequence[HeldDeath],
    *,
    record: Record,
    now: datetime,
) -> None:
    """Write what is true in the place of the deaths that were undone."""
    died_on = held.correction.died_on
    if died_on is None:
        await _correct(tx, held, standing, record=record)
    known = await policies.licence_policies(tx)
    await lapse_within(tx, group, known=known, actor=record.actor, now=now)
    if died_on is not None:
        entries = await register_entries.held(tx, group.ids)
        check_death(died_on=died_on, today=london_day(now), entered=entered(entries))
        ended = await end(tx, group, entries, died_on=died_on, actor=record.actor, now=now)
        await _correct(tx, held, standing, record=ended)


async def _correct(
    tx: Transaction, held: HeldDeathCorrection, standing: Sequence[HeldDeath], *, record: Record
) -> None:
    for death in standing:
        await deaths.correct(
            tx,
            death,
            died_on=held.correction.died_on,
            evidence_reference=held.evidence_reference,
            correction_id=held.correction_id,
            record=record,
        )


async def _get(tx: Transaction, correction_id: int) -> SeenDeathCorrection:
    held = await death_corrections.find(tx, correction_id)
    if held is None:
        raise NoSuchDeathCorrection(correction_id=correction_id)
    return held
