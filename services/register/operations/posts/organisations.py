"""Organisations: recorded, described anew, closed or merged into a successor, read."""

from dataclasses import replace
from datetime import date, datetime

from services.register.domain.member import AssociationMissing
from services.register.domain.posts import organisation as rules
from services.register.domain.posts.organisation import Organisation
from services.register.storage.posts import organisations
from services.register.storage.posts.organisations import HeldOrganisation
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.errors import Conflict, NotFound, Unprocessable
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenOrganisation = HeldOrganisation
WRITERS = ("register:decide", "members:write")
READERS = (*WRITERS, "checks:write", "people:read")


class NoSuchOrganisation(NotFound):
    """There is no organisation {organisation_id}."""


class OrganisationRecordedByAnother(Conflict):
    """Somebody else recorded this organisation: ask a registrar to change what is said of it."""


class OrganisationNotKnown(Unprocessable):
    """There is no organisation {organisation_id}: record it first, then name it."""


async def record(
    db: Database, once: Once, *, told: Organisation, ukprn: str | None, actor: Actor, now: datetime
) -> SeenOrganisation:
    """Record an organisation that has no UKPRN, or whose UKPRN is new; return it."""
    association = _writer(actor)
    described = rules.described(told)
    checked = None if ukprn is None else rules.checked_ukprn(ukprn)
    async with db.transaction(actor, once) as tx:
        seen = await _new(tx, described, checked, association=association, actor=actor, now=now)
        once.answer(seen)
    return seen


async def upsert(
    db: Database, *, ukprn: str, told: Organisation, actor: Actor, now: datetime
) -> tuple[SeenOrganisation, bool]:
    """Bring the organisation of a UKPRN up to what is told; return it, and whether it is new.

    What became of it, its closing and successor, is left as it is.
    """
    association = _writer(actor)
    checked, described = rules.checked_ukprn(ukprn), rules.described(told)
    async with db.transaction(actor) as tx:
        held = await organisations.find_by_ukprn(tx, checked)
        if held is None:
            return await _new(tx, described, checked, association=association, actor=actor, now=now), True
        wanted = replace(
            described,
            closed_on=held.organisation.closed_on,
            successor_id=held.organisation.successor_id,
        )
        if wanted == held.organisation:
            return held, False
        _check_own(held, association)
        await _check_known(tx, wanted.trade_body_id)
        step = _about("organisation.changed", held.organisation_id, wanted, actor, now)
        await organisations.change(tx, held, wanted, record=step)
        return await _get(tx, held.organisation_id), False


async def close(
    db: Database,
    once: Once,
    *,
    organisation_id: int,
    on: date,
    successor_id: int | None,
    actor: Actor,
    now: datetime,
) -> SeenOrganisation:
    """Record the last day of an organisation, and which one it was merged into where it was."""
    actor.require("register:decide")
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, organisation_id)
        await _check_known(tx, successor_id)
        successor = None if successor_id is None else (await _get(tx, successor_id)).organisation
        closed = rules.close(
            held.organisation, own_id=organisation_id, on=on, successor_id=successor_id, successor=successor
        )
        step = _about("organisation.closed", organisation_id, closed, actor, now)
        await organisations.change(tx, held, closed, record=step)
        seen = await _get(tx, organisation_id)
        once.answer(seen)
    return seen


async def get(
    db: Database, *, organisation_id: int, known_at: datetime | None, actor: Actor
) -> SeenOrganisation:
    """Return an organisation as it was known."""
    _check_reader(actor)
    async with db.reading() as tx:
        return await _get(tx, organisation_id, known_at=known_at)


async def page(db: Database, *, actor: Actor, after: str | None, limit: int) -> Page[SeenOrganisation]:
    """Return organisations in the order in which they were recorded."""
    _check_reader(actor)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await organisations.page(tx, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.organisation_id,))


async def employing(tx: Transaction, organisation_id: int, *, first_day: date) -> None:
    """Refuse an employer that is not known, or had closed by the first day of a post."""
    found = await organisations.find(tx, organisation_id)
    if found is None:
        raise OrganisationNotKnown(organisation_id=organisation_id)
    closed_on = found.organisation.closed_on
    if closed_on is not None and closed_on < first_day:
        raise rules.OrganisationClosed(closed_on=closed_on.isoformat())


async def _new(
    tx: Transaction,
    told: Organisation,
    ukprn: str | None,
    *,
    association: str | None,
    actor: Actor,
    now: datetime,
) -> HeldOrganisation:
    await _check_known(tx, told.trade_body_id)
    organisation_id = await organisations.record_new(
        tx,
        told,
        ukprn=ukprn,
        association=association,
        record=lambda new_id: _about("organisation.recorded", new_id, told, actor, now),
    )
    return await _get(tx, organisation_id)


def _writer(actor: Actor) -> str | None:
    """Return the association for which the caller writes, None for a registrar."""
    actor.require(*WRITERS)
    if actor.may("register:decide"):
        return None
    if actor.association is None:
        raise AssociationMissing
    return actor.association


def _check_reader(actor: Actor) -> None:
    actor.require(*READERS)
    others = [scope for scope in READERS if scope != "members:write"]
    if actor.association is None and not any(actor.may(scope) for scope in others):
        raise AssociationMissing


def _check_own(held: HeldOrganisation, association: str | None) -> None:
    if association is not None and held.association != association:
        raise OrganisationRecordedByAnother


async def _check_known(tx: Transaction, organisation_id: int | None) -> None:
    if organisation_id is not None and await organisations.find(tx, organisation_id) is None:
        raise OrganisationNotKnown(organisation_id=organisation_id)


async def _get(
    tx: Transaction, organisation_id: int, *, known_at: datetime | None = None
) -> HeldOrganisation:
    held = await organisations.find(tx, organisation_id, known_at=known_at)
    if held is None:
        raise NoSuchOrganisation(organisation_id=organisation_id)
    return held


def _about(event: str, organisation_id: int, told: Organisation, actor: Actor, now: datetime) -> Record:
    facts = {
        "sector": told.sector.value,
        "kind": told.kind.value,
        "closed_on": None if told.closed_on is None else told.closed_on.isoformat(),
        "successor": told.successor_id,
    }
    return Record(actor=actor, at=now, event=event, subject=f"organisation:{organisation_id}", facts=facts)
