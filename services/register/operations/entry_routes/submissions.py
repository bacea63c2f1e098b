"""What an association does on a route to entry: begin it, submit evidence, take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.register.domain.declaration import NoSuchHolding
from services.register.domain.entry_routes import eligibility
from services.register.domain.entry_routes import route as rules
from services.register.domain.entry_routes.refusals import CompetencePolicyNotInForce
from services.register.domain.entry_routes.route import EntryRoute, RouteKind
from services.register.domain.member import NoSuchMember
from services.register.operations.entry_routes import suites
from services.register.operations.entry_routes.sight import SeenRoute, about, locked, look_at
from services.register.operations.member_records import own_association
from services.register.storage import holdings, merges, people, reference
from services.register.storage.entry_routes import steps
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRoute:
    """What an association asks for: a competence policy to be met, or a holding to be found relevant."""

    kind: RouteKind
    member_id: str
    holding_id: int | None
    policy: str | None


async def submit(db: Database, once: Once, *, wanted: NewRoute, actor: Actor, now: datetime) -> SeenRoute:
    """Begin a route to entry for a member of the caller's own association."""
    association = own_association(actor)
    eligibility.check_asked(wanted.kind, holding=wanted.holding_id, policy=wanted.policy)
    async with db.transaction(actor, once) as tx:
        person = await people.find_by_member_id(tx, association, wanted.member_id)
        if person is None:
            raise NoSuchMember
        group = await merges.lock_group(tx, person.id)
        route = await _begun(tx, group, wanted, association=association, actor=actor, now=now)
        route_id = await steps.submit(
            tx,
            route,
            person_id=group.kept_id,
            association=association,
            holding_id=wanted.holding_id,
            policy=wanted.policy,
            record=about("entry-route.submitted", group, wanted.kind, actor, now),
        )
        shown = await look_at(tx, route_id)
        once.answer(shown)
    return shown


async def add_evidence(
    db: Database,
    once: Once,
    *,
    route_id: int,
    part: str,
    references: Sequence[str],
    statement: str | None,
    actor: Actor,
    now: datetime,
) -> SeenRoute:
    """Submit evidence on one part of a route of the caller's own association."""
    async with db.transaction(actor, once) as tx:
        group, held = await locked(tx, route_id, association=own_association(actor))
        rules.submit_evidence(held.route, part)
        await steps.add_evidence(
            tx,
            held,
            part=part,
            references=references,
            statement=statement,
            record=about("entry-route.evidence-submitted", group, held.route.kind, actor, now),
        )
        shown = await look_at(tx, route_id)
        once.answer(shown)
    return shown


async def withdraw(db: Database, once: Once, *, route_id: int, actor: Actor, now: datetime) -> SeenRoute:
    """Take back a route of the caller's own association before it is decided."""
    async with db.transaction(actor, once) as tx:
        group, held = await locked(tx, route_id, association=own_association(actor))
        record = about("entry-route.withdrawn", group, held.route.kind, actor, now)
        await steps.withdraw(tx, rules.withdraw(held.route), record=record)
        shown = await look_at(tx, route_id)
        once.answer(shown)
    return shown


async def _begun(
    tx: Transaction, group: Group, wanted: NewRoute, *, association: str, actor: Actor, now: datetime
) -> EntryRoute:
    """Return the route as it begins, with the parts known from the start."""
    begun = EntryRoute(
        route_id=0,
        kind=wanted.kind,
        status=eligibility.FIRST_STATUS[wanted.kind],
        submitted_by=actor.subject,
    )
    if wanted.policy is not None:
        return await _by_policy(tx, begun, wanted.policy, now=now)
    held = None if wanted.holding_id is None else await holdings.find(tx, wanted.holding_id)
    if held is None or held.person_id not in group.ids or held.association != association:
        raise NoSuchHolding
    listed = held.holding.qualification
    entry = None if listed is None else await reference.find(tx, "qualifications", listed)
    eligibility.check_holding(wanted.kind, held.holding, listed=entry)
    return rules.with_parts(begun, eligibility.parts_of_holding(wanted.kind, held.holding))


async def _by_policy(tx: Transaction, begun: EntryRoute, code: str, *, now: datetime) -> EntryRoute:
    policy = await suites.policy_within(tx, code)
    if not policy.holds_on(london_day(now)):
        raise CompetencePolicyNotInForce(code=code)
    parts = eligibility.parts_of_policy(policy, await suites.suite_within(tx, policy.suite))
    return rules.with_parts(begun, parts, optional_credits=policy.optional_credits)
