"""Restoring somebody who was removed: one registrar proposes it on application, another decides it."""

from dataclasses import dataclass
from datetime import date, datetime

from services.register.domain.person import parse_number
from services.register.domain.policy import in_force
from services.register.domain.renewal import restoration as rules
from services.register.domain.renewal.death import HolderHasDied
from services.register.domain.renewal.renewal import RenewalHasNoRules
from services.register.domain.renewal.restoration import RestorationEvent, RestorationStatus
from services.register.domain.sanction import SanctionKind
from services.register.operations.public_entries import republish
from services.register.operations.renewal.renewals import as_registrar
from services.register.operations.sanctions import locked
from services.register.storage import merges, policies, sanctions
from services.register.storage.merges import Group
from services.register.storage.register_entries import just_after
from services.register.storage.renewal import deaths, restorations
from services.register.storage.renewal.restorations import HeldRestoration
from services.register.storage.sanctions import HeldSanction
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import NotFound
from shared.idempotency import Once
from shared.journal import Record

SeenRestoration = HeldRestoration


class NoSuchRestoration(NotFound):
    """There is no restoration {restoration_id}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """Whom a registrar proposes to restore, on which application, and why."""

    number: str
    application_reference: str
    grounds: str


async def propose(
    db: Database, once: Once, *, wanted: Proposal, actor: Actor, now: datetime
) -> SeenRestoration:
    """Propose to end somebody's removal, once the policy's time has passed."""
    registrar, number = as_registrar(actor), parse_number(wanted.number)
    async with db.transaction(registrar, once) as tx:
        group = await locked(tx, number)
        await _removals(tx, group, today=london_day(now))
        restoration_id = await restorations.propose(
            tx,
            person_id=group.kept_id,
            grounds=wanted.grounds,
            application_reference=wanted.application_reference,
            record=Record(
                actor=registrar, at=now, event="restoration.proposed", subject=group.number, facts={}
            ),
        )
        proposed = await _get(tx, restoration_id)
        once.answer(proposed)
    return proposed


async def decide(
    db: Database,
    once: Once,
    *,
    restoration_id: int,
    event: RestorationEvent,
    reason: str,
    actor: Actor,
    now: datetime,
) -> SeenRestoration:
    """End the removal from today on, or refuse to; what it did until yesterday stays."""
    registrar = as_registrar(actor)
    async with db.transaction(registrar, once) as tx:
        group = await merges.lock_group(tx, (await _get(tx, restoration_id)).person_id)
        held = await _get(tx, restoration_id)
        decided = rules.decide(held.restoration, event, by=registrar.subject, reason=reason)
        removals: list[HeldSanction] = []
        if decided.status is RestorationStatus.RESTORED:
            removals = await _removals(tx, group, today=london_day(now))
        record = Record(
            actor=registrar,
            at=just_after(now, *removals),
            event="restoration.decided",
            subject=group.number,
            facts={"outcome": decided.status.value, "decided_on": london_day(now).isoformat()},
        )
        for removal in removals:
            await restorations.end_removal(tx, removal, on=london_day(now), record=record)
        await restorations.decide(tx, restoration_id, decided, record=record)
        await republish(tx, group.ids, now=now)
        shown = await _get(tx, restoration_id)
        once.answer(shown)
    return shown


async def get(db: Database, *, restoration_id: int, actor: Actor) -> SeenRestoration:
    """Return a restoration."""
    actor.require("register:decide")
    async with db.reading() as tx:
        return await _get(tx, restoration_id)


async def _removals(tx: Transaction, group: Group, *, today: date) -> list[HeldSanction]:
    """Return the removals that may be ended today, or refuse."""
    if await deaths.recorded(tx, group.ids):
        raise HolderHasDied
    found = await sanctions.of_kind_on(tx, group.ids, kind=SanctionKind.REMOVAL, day=today)
    policy = in_force(await policies.licence_policies(tx), today)
    if policy.renewal is None:
        raise RenewalHasNoRules(policy_version=policy.version)
    latest = max((each.sanction.valid_from for each in found), default=None)
    rules.check_time(latest, months=policy.renewal.restoration_after_months, today=today)
    return list(found)


async def _get(tx: Transaction, restoration_id: int) -> SeenRestoration:
    held = await restorations.find(tx, restoration_id)
    if held is None:
        raise NoSuchRestoration(restoration_id=restoration_id)
    return held
