"""Erasing a person: proposed by one registrar, confirmed by another, done in the same step."""

from datetime import date, datetime

from services.register.domain.person import parse_number
from services.register.domain.rights import erasure as rules
from services.register.domain.rights.erasure import (
    AlreadyErased,
    Erasure,
    ErasureDecision,
    ErasureStatus,
    Ground,
)
from services.register.domain.rights.policy import RetentionPolicy
from services.register.operations.public_entries import grace_days, republish
from services.register.operations.rights import policies
from services.register.operations.rights.subjects import DECIDE, spoken_for
from services.register.storage import merges
from services.register.storage.rights import erasures, records
from services.register.storage.rights.erasures import HeldErasure
from services.register.storage.rights.records import Subject
from services.register.storage.standing import facts_of
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import NotFound
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenErasure = HeldErasure


class NoSuchErasure(NotFound):
    """There is no erasure {erasure_id}."""


async def propose(
    db: Database, once: Once, *, number: str, ground: Ground, actor: Actor, now: datetime
) -> SeenErasure:
    """Propose to erase a person; refused at once where it would be refused in the end."""
    actor.require(DECIDE)
    canonical = parse_number(number)
    async with db.transaction(actor, once) as tx:
        subject = await _locked(tx, canonical, actor=actor)
        await _check(tx, subject, policy=await policies.retention(tx, london_day(now)), today=london_day(now))
        record = _record("erasure.proposed", subject.number, actor, now, ground=ground.value)
        erasure_id = await erasures.propose(tx, person_id=subject.ids[0], ground=ground, record=record)
        proposed = await _get(tx, erasure_id)
        once.answer(proposed)
    return proposed


async def decide(
    db: Database, once: Once, *, erasure_id: int, decision: ErasureDecision, actor: Actor, now: datetime
) -> SeenErasure:
    """Confirm an erasure, which is then done, or decline it; never by whoever proposed it.

    The number stays issued and its verdict is answered as before, from dated facts without a name. Journal
    and history stay as they were, but for the texts that are taken out of every version.
    """
    actor.require(DECIDE)
    async with db.transaction(actor, once) as tx:
        subject = await _locked(tx, (await _get(tx, erasure_id)).number, actor=actor)
        held = await _get(tx, erasure_id)
        decided = rules.decide(held.erasure, decision, by=actor.subject)
        policy = await policies.retention(tx, london_day(now))
        if decided.status is ErasureStatus.DONE:
            await _check(tx, subject, policy=policy, today=london_day(now))
        await _save(tx, held, decided, policy=policy, subject=subject, actor=actor, now=now)
        shown = await _get(tx, erasure_id)
        once.answer(shown)
    return shown


async def get(db: Database, *, erasure_id: int, actor: Actor) -> SeenErasure:
    """Return an erasure."""
    actor.require(DECIDE)
    async with db.reading() as tx:
        return await _get(tx, erasure_id)


async def page(
    db: Database, *, status: ErasureStatus | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenErasure]:
    """Return erasures in the order in which they were proposed."""
    actor.require(DECIDE)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await erasures.page(tx, status=status, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.erasure_id,))


async def _locked(tx: Transaction, number: str, *, actor: Actor) -> Subject:
    subject = await spoken_for(tx, number, actor=actor)
    await merges.lock_group(tx, subject.ids[0])
    return await spoken_for(tx, number, actor=actor)


async def _check(tx: Transaction, subject: Subject, *, policy: RetentionPolicy, today: date) -> None:
    if await erasures.erased(tx, subject.ids):
        raise AlreadyErased
    facts = await facts_of(tx, subject.ids, grace_days=await grace_days(tx, today=today))
    rules.check_may_be_erased(
        facts[subject.ids[0]],
        policy=policy,
        open_matters=await records.open_matters(tx, subject),
        today=today,
    )


async def _save(
    tx: Transaction,
    held: HeldErasure,
    decided: Erasure,
    *,
    policy: RetentionPolicy,
    subject: Subject,
    actor: Actor,
    now: datetime,
) -> None:
    done = decided.status is ErasureStatus.DONE
    record = _record("person.erased" if done else "erasure.declined", subject.number, actor, now)
    await erasures.decide(tx, held.erasure_id, decided, policy_version=policy.version, record=record)
    if done:
        await records.erase(tx, held.erasure_id, record=record)
        await republish(tx, subject.ids, now=now)


def _record(event: str, number: str, actor: Actor, now: datetime, **facts: str) -> Record:
    return Record(actor=actor, at=now, event=event, subject=number, facts=facts)


async def _get(tx: Transaction, erasure_id: int) -> HeldErasure:
    found = await erasures.find(tx, erasure_id)
    if found is None:
        raise NoSuchErasure(erasure_id=erasure_id)
    return found
