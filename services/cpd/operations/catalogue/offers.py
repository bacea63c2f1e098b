"""The catalogue: offers told by associations, those that sources name, found by anybody."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.cpd.domain.access import own_association
from services.cpd.domain.catalogue.offer import LISTED, Delivery, NoSuchOffer, Offer, check, folded
from services.cpd.operations.reference import LOADER, check_codes, vocabulary
from services.cpd.storage import entries as log
from services.cpd.storage.catalogue import offers
from services.cpd.storage.catalogue.offers import HeldOffer, Sought
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SHIPPED = Path(__file__).parent.parent.parent / "reference" / "offers.json"
SeenOffer = HeldOffer
Expectation = Callable[[HeldOffer | None], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """An offer as it stands after it was told."""

    held: HeldOffer
    created: bool
    changed: bool


async def upsert(
    db: Database,
    *,
    association: str,
    offer_id: str,
    told: Offer,
    actor: Actor,
    now: datetime,
    expecting: Expectation = lambda _: None,
) -> Written:
    """Bring an offer up to what its association tells; the same again changes nothing.

    ``expecting`` is shown the offer as it stands under lock and may refuse. Raises NoSuchOffer where the
    caller speaks for another, OfferNotPlausible, CpdCodesNotKnown.
    """
    if own_association(actor) != association:
        raise NoSuchOffer
    async with db.transaction(actor) as tx:
        await log.hold(tx, association, [f"offer {offer_id}"])
        held = await offers.find(tx, association, offer_id)
        expecting(held)
        return await _tell(tx, association, offer_id, told, held, actor=actor, now=now)


async def get(db: Database, *, association: str, offer_id: str, known_at: datetime | None) -> SeenOffer:
    """Return an offer as it was known, withdrawn ones too; raises NoSuchOffer."""
    async with db.reading() as tx:
        held = await offers.find(tx, association, offer_id, known_at=known_at)
    if held is None:
        raise NoSuchOffer
    return held


async def versions(db: Database, *, association: str, offer_id: str) -> Sequence[SeenOffer]:
    """Return every version of an offer, the oldest first; raises NoSuchOffer."""
    async with db.reading() as tx:
        found = await offers.versions(tx, association, offer_id)
    if not found:
        raise NoSuchOffer
    return found


async def page(
    db: Database,
    *,
    words: str | None,
    association: str | None,
    specialism: str | None,
    delivery: Delivery | None,
    region: str | None,
    free: bool,
    after: str | None,
    limit: int,
) -> Page[SeenOffer]:
    """Return offers that anybody may take up, by title."""
    place = place_of(after, str, int)
    sought = Sought(
        words=folded(words or "").split(),
        association=association,
        specialism=specialism,
        delivery=delivery,
        region=region,
        free=free,
    )
    async with db.reading() as tx:
        found = await offers.page(tx, sought, after=place and (place[0], place[1]), limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.offer.title, each.id))


async def load_shipped(db: Database, *, now: datetime) -> None:
    """Write the offers that sources name, as far as they tell of them; what is the same is left alone."""
    async with db.transaction(LOADER) as tx:
        for entry in json.loads(SHIPPED.read_text(encoding="utf-8")):
            held = await offers.find(tx, LISTED, entry["offer_id"])
            await _tell(tx, LISTED, entry["offer_id"], _shipped(entry), held, actor=LOADER, now=now)


async def _tell(
    tx: Transaction,
    association: str,
    offer_id: str,
    told: Offer,
    held: HeldOffer | None,
    *,
    actor: Actor,
    now: datetime,
) -> Written:
    """Write one offer that is held; every refusal comes before the first write."""
    check(told, today=london_day(now))
    known = await vocabulary(tx, "competence_standards", "specialisms")
    check_codes(
        known,
        {
            "competence_standards": ("/standards", told.standards),
            "specialisms": ("/specialisms", told.specialisms),
        },
    )
    if held is not None and held.offer == told:
        return Written(held=held, created=False, changed=False)
    event = "offer.recorded" if held is None else "offer.amended"
    facts: dict[str, Any] = {"title": told.title, "provider": told.provider, "withdrawn": told.withdrawn}
    record = Record(actor=actor, at=now, event=event, subject=f"offer:{association}/{offer_id}", facts=facts)
    if held is None:
        await offers.write(tx, told, association=association, offer_id=offer_id, record=record)
    else:
        await offers.amend(tx, held, told, record=record)
    now_held = await offers.find(tx, association, offer_id)
    assert now_held is not None  # noqa: S101 - it was written in this transaction
    return Written(held=now_held, created=held is None, changed=True)


def _shipped(entry: dict[str, Any]) -> Offer:
    told: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()
    }
    told.pop("offer_id")
    if "cost_pounds" in told:
        told["cost_pounds"] = Decimal(told["cost_pounds"])
    return Offer(**told | {"delivery": Delivery(entry["delivery"])})
