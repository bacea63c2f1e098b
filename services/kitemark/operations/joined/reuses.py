"""Work done for an award that is recorded as CPD too: asked by an association, decided by the school."""

from dataclasses import dataclass
from datetime import datetime

from services.kitemark.domain.joined import reuse as rules
from services.kitemark.domain.joined.reuse import NoSuchReuse, Reuse, ReuseEvent, Side
from services.kitemark.storage.joined import reuses
from services.kitemark.storage.joined.reuses import HeldReuse
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.errors import Forbidden
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

ASSOCIATION, SCHOOL = "cpd:write", "checks:write"
SIDES = (ASSOCIATION, SCHOOL)
SeenReuse = HeldReuse
EVENTS = {
    ReuseEvent.CONSENT: "award-reuse.consented",
    ReuseEvent.REFUSE: "award-reuse.refused",
    ReuseEvent.WITHDRAW: "award-reuse.withdrawn",
}


class NobodySpokenFor(Forbidden):
    """Your access token speaks for no association and no school."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What an association asks for: the school, its award by the body's id, the entry, which work it is."""

    urn: str
    award_body: str
    award_id: str
    entry_id: str
    work: str


async def ask(db: Database, once: Once, *, asked: Asked, actor: Actor, now: datetime) -> SeenReuse:
    """Ask a school to let work done for its award stand in a CPD log too.

    The award is the school's to recognise: nothing points at it until the school consents.
    """
    actor.require(ASSOCIATION)
    if actor.association is None:
        raise NobodySpokenFor
    told = rules.ask(
        Reuse(
            urn=asked.urn,
            award_body=asked.award_body,
            award_id=asked.award_id,
            association=actor.association,
            entry_id=asked.entry_id,
            work=asked.work,
        )
    )
    async with db.transaction(actor, once) as tx:
        record = _about("award-reuse.asked", told, actor, now)
        seen = await _get(tx, await reuses.write(tx, told, record=record))
        once.answer(seen)
    return seen


async def move(
    db: Database, once: Once, *, id_: int, event: ReuseEvent, actor: Actor, now: datetime
) -> SeenReuse:
    """Consent to a reuse, refuse it, or withdraw it, as the caller's side may."""
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, id_)
        side = _side(held.reuse, actor)
        moved = rules.move(held.reuse, event, side)
        # Two who move it at once: the second finds the version that it read corrected already.
        await reuses.move(tx, held, moved, record=_about(EVENTS[event], moved, actor, now))
        seen = await _get(tx, id_)
        once.answer(seen)
    return seen


async def get(db: Database, *, id_: int, actor: Actor) -> SeenReuse:
    """Return a reuse to either of its sides; to others it looks like one that does not exist."""
    async with db.reading(actor) as tx:
        held = await _get(tx, id_)
    _side(held.reuse, actor)
    return held


async def page(db: Database, *, actor: Actor, after: str | None, limit: int) -> Page[SeenReuse]:
    """Return the reuses of the caller's own school or association, by id."""
    actor.require(*SIDES)
    (last,) = place_of(after, int) or (0,)
    urn = actor.urn if actor.may(SCHOOL) else None
    association = actor.association if actor.may(ASSOCIATION) else None
    if urn is None and association is None:
        raise NobodySpokenFor
    async with db.reading(actor) as tx:
        found = await reuses.page(tx, urn=urn, association=association, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


def _side(held: Reuse, actor: Actor) -> Side:
    """Return for which side the caller speaks; raises NoSuchReuse where for neither."""
    actor.require(*SIDES)
    if actor.may(SCHOOL) and actor.urn == held.urn:
        return Side.SCHOOL
    if actor.may(ASSOCIATION) and actor.association == held.association:
        return Side.PRACTITIONER
    raise NoSuchReuse


async def _get(tx: Transaction, id_: int) -> HeldReuse:
    held = await reuses.find(tx, id_)
    if held is None:
        raise NoSuchReuse
    return held


def _about(event: str, told: Reuse, actor: Actor, now: datetime) -> Record:
    """Return a line's record: the two ends, and not whose work it was nor which."""
    facts = {"award_body": told.award_body, "award": told.award_id, "association": told.association}
    return Record(actor=actor, at=now, event=event, subject=f"school:{told.urn}", facts=facts)
