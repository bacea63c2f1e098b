"""Agreeing that offers are equivalent: proposed by one association, accepted by the other."""

from collections.abc import Sequence
from datetime import datetime

from services.cpd.domain.access import own_association
from services.cpd.domain.catalogue.equivalence import (
    EquivalenceState,
    EquivalenceStep,
    NoSuchEquivalence,
    OfferIsOver,
    Pair,
    check_pair,
    moved,
)
from services.cpd.domain.catalogue.offer import NoSuchOffer
from services.cpd.storage.catalogue import equivalences, offers
from services.cpd.storage.catalogue.equivalences import Equivalent, HeldEquivalence
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenEquivalence = HeldEquivalence
SeenEquivalent = Equivalent


async def propose(
    db: Database, once: Once, *, offer_id: str, other: str, other_offer_id: str, actor: Actor, now: datetime
) -> SeenEquivalence:
    """Propose that another association's offer is equivalent to one of the caller's own.

    Raises EquivalenceNeedsAnother, NoSuchOffer, OfferIsOver, EquivalenceOpenAlready.
    """
    pair = Pair(
        proposer=own_association(actor), offer_id=offer_id, other=other, other_offer_id=other_offer_id
    )
    check_pair(pair)
    async with db.transaction(actor, once) as tx:
        await _check_offers(tx, pair)
        held = await equivalences.propose(
            tx, pair, at=now, record=lambda made: _record("equivalence.proposed", made, pair, actor, now)
        )
        once.answer(held)
    return held


async def take(
    db: Database, once: Once, *, equivalence_id: int, step: EquivalenceStep, actor: Actor, now: datetime
) -> SeenEquivalence:
    """Accept or decline what was proposed, withdraw it, or end what was agreed.

    Raises NoSuchEquivalence, EquivalenceNotInThatState, NotYourSide; OfferIsOver where one is accepted of an
    offer that was withdrawn meanwhile.
    """
    association = own_association(actor)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, equivalence_id, association)
        to = moved(held.state, step, by=held.pair.side_of(association))
        if to is EquivalenceState.ACCEPTED:
            await _check_offers(tx, held.pair)
        record = _record(f"equivalence.{to.value}", held.id, held.pair, actor, now)
        after = await equivalences.move(tx, held, to, by=association, record=record)
        once.answer(after)
    return after


async def get(
    db: Database, *, equivalence_id: int, actor: Actor, known_at: datetime | None
) -> SeenEquivalence:
    """Return an equivalence of the caller's association as it was known; raises NoSuchEquivalence."""
    association = own_association(actor)
    async with db.reading() as tx:
        return await _get(tx, equivalence_id, association, known_at=known_at)


async def page(
    db: Database, *, state: EquivalenceState | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenEquivalence]:
    """Return what the caller's association proposed and what was proposed to it."""
    association = own_association(actor)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await equivalences.page(tx, association, state=state, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


async def equivalents(
    db: Database, *, association: str, offer_id: str, after: str | None, limit: int
) -> Page[SeenEquivalent]:
    """Return the offers that are agreed to be equivalent to one, for anybody; raises NoSuchOffer."""
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        held = await offers.find(tx, association, offer_id)
        if held is None:
            raise NoSuchOffer
        found: Sequence[Equivalent] = ()
        if not held.offer.withdrawn:
            found = await equivalences.agreed(tx, held, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.equivalence_id,))


async def _get(
    tx: Transaction, equivalence_id: int, association: str, *, known_at: datetime | None = None
) -> HeldEquivalence:
    """Return an equivalence of which an association is a part; a foreign one and none look alike."""
    held = await equivalences.find(tx, equivalence_id, known_at=known_at)
    if held is None:
        raise NoSuchEquivalence
    held.pair.side_of(association)
    return held


async def _check_offers(tx: Transaction, pair: Pair) -> None:
    for keeper, offer_id in ((pair.proposer, pair.offer_id), (pair.other, pair.other_offer_id)):
        held = await offers.find(tx, keeper, offer_id)
        if held is None:
            raise NoSuchOffer
        if held.offer.withdrawn:
            raise OfferIsOver(offer=f"{keeper}/{offer_id}")


def _record(event: str, equivalence_id: int, pair: Pair, actor: Actor, now: datetime) -> Record:
    facts = {
        "offer": f"{pair.proposer}/{pair.offer_id}",
        "other_offer": f"{pair.other}/{pair.other_offer_id}",
    }
    return Record(actor=actor, at=now, event=event, subject=f"equivalence:{equivalence_id}", facts=facts)
