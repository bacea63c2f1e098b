"""Holdings declared by associations for their own members, completed and taken back by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.register.domain import qualification as rules
from services.register.domain.declaration import Declaration, NoSuchHolding, declare
from services.register.domain.member import NoSuchMember
from services.register.domain.qualification import HoldingStatus
from services.register.operations.member_records import own_association
from services.register.storage import holdings, merges, people, reference
from services.register.storage.holdings import HeldHolding
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

DECIDE = "register:decide"


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenHolding:
    """A holding with the registration number under which its owner is known."""

    held: HeldHolding
    number: str


async def submit(
    db: Database, *, member_id: str, declaration: Declaration, actor: Actor, now: datetime, once: Once
) -> SeenHolding:
    """Declare a qualification of a member of the caller's own association; it counts once authenticated."""
    association = own_association(actor)
    today = london_day(now)
    async with db.transaction(actor, once) as tx:
        person = await people.find_by_member_id(tx, association, member_id)
        if person is None:
            raise NoSuchMember
        group = await merges.lock_group(tx, person.id)
        declared = declare(
            declaration,
            listed=await _listed(tx),
            frameworks={each["code"]: each["levels"] for each in await reference.bodies(tx, "frameworks")},
            by=actor.subject,
            today=today,
        )
        facts = {"association": association, "status": declared.status.value}
        holding_id = await holdings.declare(
            tx,
            person_id=group.kept_id,
            association=association,
            holding=declared,
            awarding_body=declaration.awarding_body,
            evidence_reference=declaration.evidence_reference,
            valid_from=declared.awarded_on or today,
            record=record("holding.declared", group.number, facts, actor, now),
        )
        seen = await look_at(tx, holding_id)
        once.answer(seen)
    return seen


async def complete(
    db: Database, *, holding_id: int, awarded_on: date, actor: Actor, now: datetime, once: Once
) -> SeenHolding:
    """Say that a qualification that was worked towards has been awarded: it is now a claim."""
    async with db.transaction(actor, once) as tx:
        group, held = await locked(tx, holding_id, association=own_association(actor))
        completed = rules.complete(
            held.holding, by=actor.subject, awarded_on=awarded_on, today=london_day(now)
        )
        await holdings.correct(
            tx,
            held,
            completed,
            valid_from=awarded_on,
            record=record("holding.completed", group.number, _told(held, completed.status), actor, now),
        )
        seen = await look_at(tx, holding_id)
        once.answer(seen)
    return seen


async def withdraw(db: Database, *, holding_id: int, actor: Actor, now: datetime, once: Once) -> SeenHolding:
    """Take back a declaration before anybody has decided it."""
    async with db.transaction(actor, once) as tx:
        group, held = await locked(tx, holding_id, association=own_association(actor))
        withdrawn = rules.withdraw(held.holding)
        await holdings.correct(
            tx,
            held,
            withdrawn,
            record=record("holding.withdrawn", group.number, _told(held, withdrawn.status), actor, now),
        )
        seen = await look_at(tx, holding_id)
        once.answer(seen)
    return seen


async def get(db: Database, *, holding_id: int, actor: Actor) -> SeenHolding:
    """Return a holding to a registrar, or to the association that declared it."""
    async with db.reading() as tx:
        held = await holdings.find(tx, holding_id)
        if held is None or not (actor.may(DECIDE) or held.association == own_association(actor)):
            raise NoSuchHolding
        return await look_at(tx, holding_id)


async def page(
    db: Database, *, status: HoldingStatus | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenHolding]:
    """Return holdings in the order in which they were declared: to a registrar all, else one's own."""
    association = None if actor.may(DECIDE) else own_association(actor)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await holdings.page(tx, association=association, status=status, after=last, limit=limit + 1)
    seen = [SeenHolding(held=held, number=number) for held, number in found]
    return page_of(seen, limit=limit, place=lambda each: (each.held.holding.holding_id,))


async def locked(
    tx: Transaction, holding_id: int, *, association: str | None = None
) -> tuple[Group, HeldHolding]:
    """Lock the person and return the holding as it then stands; another association's does not exist."""
    found = await holdings.find(tx, holding_id)
    if found is None or association not in (None, found.association):
        raise NoSuchHolding
    group = await merges.lock_group(tx, found.person_id)
    held = await holdings.find(tx, holding_id)
    if held is None:
        raise NoSuchHolding
    return group, held


async def look_at(tx: Transaction, holding_id: int) -> SeenHolding:
    """Return a holding as it stands in this transaction."""
    held = await holdings.find(tx, holding_id)
    if held is None:
        raise NoSuchHolding
    group = await merges.group_of(tx, held.person_id)
    return SeenHolding(held=held, number=group.number)


def record(event: str, number: str, facts: Mapping[str, Any], actor: Actor, now: datetime) -> Record:
    """Return the journal record of something that happened to a holding."""
    return Record(actor=actor, at=now, event=event, subject=number, facts=facts)


def _told(held: HeldHolding, status: HoldingStatus) -> dict[str, Any]:
    return {"holding": held.holding.holding_id, "status": status.value}


async def _listed(tx: Transaction) -> dict[str, Mapping[str, Any]]:
    return {each["code"]: each for each in await reference.bodies(tx, "qualifications")}
