"""Evidence of qualification decided by registrars, and what follows for a licence when it was false."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.register.domain import qualification as rules
from services.register.domain.qualification import AuthenticationMethod, Holding
from services.register.domain.sanction import SanctionKind
from services.register.operations.bearing_evidence import bear_licences
from services.register.operations.holdings import DECIDE, SeenHolding, locked, look_at, record
from services.register.operations.public_entries import republish
from services.register.operations.sanctions import impose_within
from services.register.storage import holdings
from services.register.storage.holdings import HeldHolding
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once

EXAMINED_AGAIN = "The evidence of qualification is being examined again."


async def authenticate(
    db: Database,
    *,
    holding_id: int,
    method: AuthenticationMethod,
    evidence_reference: str,
    reason: str,
    relevant: bool | None,
    actor: Actor,
    now: datetime,
    once: Once,
) -> SeenHolding:
    """Find a claimed qualification to be real; without ``relevant`` the list says whether it is relevant."""
    registrar = _as_registrar(actor)
    async with db.transaction(registrar, once) as tx:
        group, held = await _locked(tx, holding_id, by=registrar.subject)
        decided = rules.authenticate(
            held.holding,
            by=registrar.subject,
            method=method,
            evidence_reference=evidence_reference,
            reason=reason,
            relevant=held.holding.relevant if relevant is None else relevant,
        )
        how = {"method": method.value, "evidence_reference": evidence_reference.strip()}
        await _decide(tx, group, held, decided, "holding.authenticated", registrar, now, reason, **how)
        seen = await look_at(tx, holding_id)
        once.answer(seen)
    return seen


async def reject(
    db: Database, *, holding_id: int, reason: str, actor: Actor, now: datetime, once: Once
) -> SeenHolding:
    """Find that a claimed qualification was not shown."""
    registrar = _as_registrar(actor)
    async with db.transaction(registrar, once) as tx:
        group, held = await _locked(tx, holding_id, by=registrar.subject)
        decided = rules.reject(held.holding, by=registrar.subject, reason=reason)
        await _decide(tx, group, held, decided, "holding.rejected", registrar, now, reason)
        seen = await look_at(tx, holding_id)
        once.answer(seen)
    return seen


async def withdraw_authentication(
    db: Database, *, holding_id: int, reason: str, actor: Actor, now: datetime, once: Once
) -> SeenHolding:
    """Take back an authentication whose evidence was false; a licence left without evidence is suspended."""
    registrar = _as_registrar(actor)
    async with db.transaction(registrar, once) as tx:
        group, held = await _locked(tx, holding_id, by=registrar.subject)
        decided = rules.withdraw_authentication(held.holding, by=registrar.subject, reason=reason)
        event = "holding.authentication-withdrawn"
        await _decide(tx, group, held, decided, event, registrar, now, reason)
        await _examine_licences(tx, group, holding_id, registrar, now, reason)
        await republish(tx, group.ids, now=now)
        seen = await look_at(tx, holding_id)
        once.answer(seen)
    return seen


def _as_registrar(actor: Actor) -> Actor:
    """Return the caller as a registrar, who decides for the whole register and not for an association."""
    actor.require(DECIDE)
    return replace(actor, association=None)


async def _locked(tx: Transaction, holding_id: int, *, by: str) -> tuple[Group, HeldHolding]:
    """Lock the person and return the holding, unless the decider had a part in what was submitted."""
    group, held = await locked(tx, holding_id)
    rules.check_took_no_part(by, submitters=await holdings.submitters(tx, holding_id))
    return group, held


async def _decide(
    tx: Transaction,
    group: Group,
    held: HeldHolding,
    decided: Holding,
    event: str,
    actor: Actor,
    now: datetime,
    reason: str,
    **how: Any,
) -> None:
    facts = {"holding": decided.holding_id, "status": decided.status.value}
    await holdings.correct(
        tx,
        held,
        decided,
        decided_at=now,
        reason=reason.strip(),
        record=record(event, group.number, facts, actor, now),
        **how,
    )


async def _examine_licences(
    tx: Transaction, group: Group, holding_id: int, actor: Actor, now: datetime, reason: str
) -> None:
    """Let each licence that has not ended rest on what evidence is left, or suspend its holder."""
    if await bear_licences(tx, group, actor=actor, now=now):
        return
    await impose_within(
        tx,
        person_id=group.kept_id,
        number=group.number,
        kind=SanctionKind.INTERIM_SUSPENSION,
        public_reason=EXAMINED_AGAIN,
        internal_reason=f"The authentication of holding {holding_id} was withdrawn: {reason.strip()}",
        conditions=None,
        valid_from=london_day(now),
        valid_to=None,
        actor=actor,
        now=now,
    )
