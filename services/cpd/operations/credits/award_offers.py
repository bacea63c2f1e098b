"""A completed award offered to the register, where it is declared by the association and authenticated."""

from dataclasses import dataclass
from datetime import date, datetime

from services.cpd.domain.access import own_association
from services.cpd.domain.credits.award_offer import (
    AwardedInTheFuture,
    AwardOffer,
    AwardOfferedAlready,
    AwardOfferWithdrawn,
    NoSuchAwardOffer,
    check_complete,
)
from services.cpd.domain.credits.progress import progress
from services.cpd.operations.credits.bank import hold_people
from services.cpd.operations.credits.progress import banked_of, programme_of
from services.cpd.operations.persons import named, own_member
from services.cpd.storage.credits import award_offers, bank
from services.cpd.storage.credits.award_offers import HeldAwardOffer
from services.cpd.storage.groups import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenAwardOffer = HeldAwardOffer


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Which award is offered for whom; without a version the one in effect on the day."""

    number: str
    programme: str
    version: str | None
    award: str
    awarded_on: date | None


async def offer(db: Database, once: Once, *, asked: Asked, actor: Actor, now: datetime) -> SeenAwardOffer:
    """Offer an award that a member has completed; the rules are asked of the bank as it stands under lock.

    Raises NoSuchMember, NoSuchProgramme, NoSuchProgrammeAward, AwardedInTheFuture, AwardNotComplete,
    AwardOfferedAlready.
    """
    association = own_association(actor)
    today = london_day(now)
    day = asked.awarded_on or today
    if day > today:
        raise AwardedInTheFuture
    async with db.transaction(actor, once) as tx:
        group = await own_member(tx, asked.number, actor)
        await hold_people(tx, [group])
        found = await _completed(tx, group, asked, day=day)
        held = await award_offers.write(
            tx,
            found,
            association=association,
            at=now,
            record=lambda id_: _record("award-offer.made", id_, found, association, actor, now),
        )
        once.answer(held)
    return held


async def withdraw(db: Database, once: Once, *, id_: int, actor: Actor, now: datetime) -> SeenAwardOffer:
    """Withdraw an offer that was wrong; what the register has heard meanwhile is the register's to undo.

    Raises NoSuchAwardOffer, AwardOfferWithdrawn.
    """
    association = own_association(actor)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, association, id_)
        await hold_people(tx, [await named(tx, held.offer.number)])
        held = await _get(tx, association, id_)
        if held.withdrawn:
            raise AwardOfferWithdrawn
        record = _record("award-offer.withdrawn", id_, held.offer, association, actor, now)
        await award_offers.withdraw(tx, held, record=record)
        shown = await _get(tx, association, id_)
        once.answer(shown)
    return shown


async def get(db: Database, *, id_: int, actor: Actor, known_at: datetime | None) -> SeenAwardOffer:
    """Return an offer of the caller's association as it was known; raises NoSuchAwardOffer."""
    async with db.reading() as tx:
        return await _get(tx, own_association(actor), id_, known_at=known_at)


async def page(db: Database, *, actor: Actor, after: str | None, limit: int) -> Page[SeenAwardOffer]:
    """Return the offers of the caller's association, the oldest first."""
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await award_offers.page(tx, own_association(actor), after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


async def _completed(tx: Transaction, group: Group, asked: Asked, *, day: date) -> AwardOffer:
    """Return the award as it is complete on a day, or refuse it."""
    rules = await programme_of(tx, asked.programme, version=asked.version, day=day)
    award = rules.told.award(asked.award)
    if await award_offers.is_offered(tx, group.numbers, asked.programme, award.title):
        raise AwardOfferedAlready
    credit = await bank.of_person(tx, group.numbers, day=day, known_at=None)
    found = progress(award, [banked_of(each) for each in credit], day=day)
    check_complete(found, day=day)
    return AwardOffer(
        number=group.kept,
        programme=asked.programme,
        programme_version=rules.told.version,
        award=award.title,
        awarding_body=rules.told.awarding_body,
        framework=award.framework,
        level=award.level,
        credits=found.credits,
        awarded_on=day,
        rests_on=tuple(each.banked.id for each in found.counted),
    )


async def _get(
    tx: Transaction, association: str, id_: int, *, known_at: datetime | None = None
) -> HeldAwardOffer:
    held = await award_offers.find(tx, association, id_, known_at=known_at)
    if held is None:
        raise NoSuchAwardOffer
    return held


def _record(event: str, id_: int, about: AwardOffer, association: str, actor: Actor, now: datetime) -> Record:
    facts = {"association": association, "offer": id_}
    return Record(actor=actor, at=now, event=event, subject=about.number, facts=facts)
