"""What registrars do on a route to entry: name the modules of a top up, judge evidence, decide the whole."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.register.domain.declaration import NoSuchHolding
from services.register.domain.entry_routes import eligibility
from services.register.domain.entry_routes import route as rules
from services.register.domain.entry_routes.route import Judgement, Part, RouteKind
from services.register.domain.qualification import check_took_no_part
from services.register.operations.entry_routes import suites
from services.register.operations.entry_routes.sight import DECIDE, SeenRoute, about, locked, look_at
from services.register.operations.holdings import record
from services.register.storage import holdings
from services.register.storage.entry_routes import steps
from services.register.storage.entry_routes.routes import HeldRoute
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once


async def name_modules(
    db: Database,
    once: Once,
    *,
    route_id: int,
    modules: Sequence[Part],
    reasons: str,
    actor: Actor,
    now: datetime,
) -> SeenRoute:
    """Name the modules that make a related qualification a relevant one."""
    registrar = _as_registrar(actor)
    async with db.transaction(registrar, once) as tx:
        group, held = await _locked(tx, route_id, by=registrar.subject)
        named = rules.name_modules(held.route, modules, by=registrar.subject, reasons=reasons)
        told = about("entry-route.modules-named", group, held.route.kind, registrar, now)
        await steps.name_modules(tx, held, named, reasons=reasons.strip(), record=told)
        shown = await look_at(tx, route_id)
        once.answer(shown)
    return shown


async def judge(
    db: Database,
    once: Once,
    *,
    route_id: int,
    evidence_id: int,
    judgement: Judgement,
    reasons: str,
    actor: Actor,
    now: datetime,
) -> SeenRoute:
    """Judge one piece of evidence, as an assessor who submitted nothing on the route."""
    assessor = _as_registrar(actor)
    async with db.transaction(assessor, once) as tx:
        group, held = await _locked(tx, route_id, by=assessor.subject)
        judged = rules.judge(held.route, evidence_id, judgement, by=assessor.subject, reasons=reasons)
        await steps.judge(
            tx,
            held,
            judged,
            evidence_id=evidence_id,
            reasons=reasons.strip(),
            record=about("entry-route.judged", group, held.route.kind, assessor, now),
        )
        shown = await look_at(tx, route_id)
        once.answer(shown)
    return shown


async def decide(
    db: Database, once: Once, *, route_id: int, granted: bool, reasons: str, actor: Actor, now: datetime
) -> SeenRoute:
    """Grant a route on which nothing is missing, or refuse it, as a registrar who took no part in it.

    A grant makes the holding relevant, or writes the authenticated holding that competence equals, in the
    same step.
    """
    registrar = _as_registrar(actor)
    async with db.transaction(registrar, once) as tx:
        group, held = await _locked(tx, route_id, by=registrar.subject)
        decided = rules.decide(held.route, granted=granted, by=registrar.subject, reasons=reasons)
        event = "entry-route.granted" if granted else "entry-route.refused"
        claim = await _claim(tx, group, held, actor=registrar, now=now) if granted else held.holding_id
        await steps.decide(
            tx,
            decided,
            reasons=reasons.strip(),
            holding_id=claim,
            record=about(event, group, held.route.kind, registrar, now),
        )
        if granted and claim is not None:
            await _let_count(tx, group, held, claim, reasons=reasons.strip(), actor=registrar, now=now)
        shown = await look_at(tx, route_id)
        once.answer(shown)
    return shown


async def _locked(tx: Transaction, route_id: int, *, by: str) -> tuple[Group, HeldRoute]:
    """Lock the person and return the route, unless the caller had a part in submitting its holding."""
    group, held = await locked(tx, route_id)
    if held.holding_id is not None:
        check_took_no_part(by, submitters=await holdings.submitters(tx, held.holding_id))
    return group, held


async def _claim(
    tx: Transaction, group: Group, held: HeldRoute, *, actor: Actor, now: datetime
) -> int | None:
    """Return the holding that a grant is about: competence becomes one, claimed by whoever submitted it."""
    if held.policy is None:
        return held.holding_id
    policy = await suites.policy_within(tx, held.policy)
    suite = await suites.suite_within(tx, policy.suite)
    today = london_day(now)
    claimed = eligibility.competence_claimed(policy, suite, by=held.route.submitted_by, today=today)
    facts = {"association": held.association, "status": claimed.status.value}
    return await holdings.declare(
        tx,
        person_id=group.kept_id,
        association=held.association,
        holding=claimed,
        awarding_body=None,
        evidence_reference=None,
        valid_from=today,
        record=record("holding.declared", group.number, facts, actor, now),
    )


async def _let_count(
    tx: Transaction,
    group: Group,
    held: HeldRoute,
    holding_id: int,
    *,
    reasons: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the holding as the grant leaves it: authenticated, and relevant."""
    found = await holdings.find(tx, holding_id)
    if found is None:
        raise NoSuchHolding
    decision: dict[str, Any] = {"decided_at": now, "reason": reasons}
    if held.route.kind is RouteKind.COMPETENCE:
        counting = eligibility.competence_authenticated(found.holding, by=actor.subject)
        decision |= {
            "method": eligibility.METHOD,
            "evidence_reference": f"entry route {held.route.route_id}",
        }
        event = "holding.authenticated"
    else:
        # Its authentication may have been withdrawn since the route began.
        eligibility.check_holding(held.route.kind, found.holding, listed=None)
        counting = eligibility.relevant(found.holding, by=actor.subject)
        event = "holding.found-relevant"
    facts = {"holding": holding_id, "status": counting.status.value}
    told = record(event, group.number, facts, actor, now)
    await holdings.correct(tx, found, counting, record=told, **decision)


def _as_registrar(actor: Actor) -> Actor:
    """Return the caller as a registrar, who decides for the whole register and not for an association."""
    actor.require(DECIDE)
    return replace(actor, association=None)
