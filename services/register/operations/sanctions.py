"""Imposing sanctions and lifting them."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.register.domain import sanction as rules
from services.register.domain.conduct.alert import Occasion
from services.register.domain.person import parse_number
from services.register.domain.sanction import SanctionKind
from services.register.operations.alerts.raising import tell_of
from services.register.operations.bearing_evidence import bear_licences
from services.register.operations.public_entries import republish
from services.register.storage import merges, register_entries, sanctions
from services.register.storage.merges import Group
from services.register.storage.sanctions import HeldSanction
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import NotFound
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenSanction = HeldSanction


class NoSuchNumber(NotFound):
    """Nobody has the registration number {number}."""


class NoSuchSanction(NotFound):
    """There is no sanction {sanction_id}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSanction:
    """What a registrar imposes; without a first day it holds from today."""

    number: str
    kind: SanctionKind
    public_reason: str
    internal_reason: str
    conditions: str | None
    valid_from: date | None
    valid_to: date | None


async def impose(
    db: Database, once: Once, *, wanted: NewSanction, actor: Actor, now: datetime
) -> SeenSanction:
    """Impose a sanction on the person whom a number names; the next answer about them shows it."""
    actor = _as_registrar(actor)
    number = parse_number(wanted.number)
    async with db.transaction(actor, once) as tx:
        group = await locked(tx, number)
        sanction_id = await impose_within(
            tx,
            person_id=group.kept_id,
            number=group.number,
            kind=wanted.kind,
            public_reason=wanted.public_reason,
            internal_reason=wanted.internal_reason,
            conditions=wanted.conditions,
            valid_from=wanted.valid_from or london_day(now),
            valid_to=wanted.valid_to,
            actor=actor,
            now=now,
        )
        await republish(tx, group.ids, now=now)
        imposed = await _get(tx, sanction_id)
        once.answer(imposed)
    return imposed


async def impose_within(
    tx: Transaction,
    *,
    person_id: int,
    number: str,
    kind: SanctionKind,
    public_reason: str,
    internal_reason: str,
    conditions: str | None,
    valid_from: date,
    valid_to: date | None,
    actor: Actor,
    now: datetime,
) -> int:
    """Impose a sanction as part of a larger step, alert the person's associations, and return its id.

    The caller holds the lock on the person and republishes their public entry afterwards.
    """
    group = await merges.group_of(tx, person_id)
    imposed = rules.impose(
        kind=kind,
        public_reason=public_reason,
        internal_reason=internal_reason,
        conditions=conditions,
        valid_from=valid_from,
        valid_to=valid_to,
        by=actor.subject,
        ever_on_register=await register_entries.ever(tx, group.ids),
    )
    record = Record(
        actor=actor, at=now, event="sanction.imposed", subject=number, facts=_public_facts(imposed)
    )
    sanction_id = await sanctions.impose(tx, imposed, person_id=person_id, record=record)
    await tell_of(tx, group.ids, sanction_id, occasion=Occasion.IMPOSED, actor=actor, now=now)
    return sanction_id


def _public_facts(imposed: rules.Sanction) -> dict[str, str | None]:
    return {
        "kind": imposed.kind.value,
        "valid_from": imposed.valid_from.isoformat(),
        "valid_to": None if imposed.valid_to is None else imposed.valid_to.isoformat(),
    }


async def lift(
    db: Database, once: Once, *, sanction_id: int, reason: str, actor: Actor, now: datetime
) -> SeenSanction:
    """Lift a sanction from today on; what it did until yesterday stays."""
    actor = _as_registrar(actor)
    async with db.transaction(actor, once) as tx:
        group = await merges.lock_group(tx, (await _get(tx, sanction_id)).person_id)
        await lift_within(tx, group, sanction_id=sanction_id, reason=reason, actor=actor, now=now)
        await republish(tx, group.ids, now=now)
        shown = await _get(tx, sanction_id)
        once.answer(shown)
    return shown


async def lift_within(
    tx: Transaction, group: Group, *, sanction_id: int, reason: str, actor: Actor, now: datetime
) -> None:
    """Lift a sanction as part of a larger step, and alert the person's associations.

    The caller holds the lock on the person and republishes their public entry afterwards.
    """
    held = await _get(tx, sanction_id)
    lifted = rules.lift(held.sanction, by=actor.subject, on=london_day(now), reason=reason)
    await sanctions.lift(
        tx,
        held,
        lifted,
        reason=reason.strip(),
        record=Record(
            actor=actor,
            at=now,
            event="sanction.lifted",
            subject=group.number,
            facts={"kind": lifted.kind.value, "lifted_on": london_day(now).isoformat()},
        ),
    )
    await _check_borne(tx, group, lifted, actor=actor, now=now)
    await tell_of(tx, group.ids, sanction_id, occasion=Occasion.LIFTED, actor=actor, now=now)


def _as_registrar(actor: Actor) -> Actor:
    """Return the caller as a registrar, who decides for the whole register and not for an association."""
    actor.require("register:decide")
    return replace(actor, association=None)


async def _check_borne(
    tx: Transaction, group: Group, lifted: rules.Sanction, *, actor: Actor, now: datetime
) -> None:
    """Refuse to let somebody practise again on a licence that no evidence bears any more."""
    if lifted.kind not in rules.SUSPENSIONS or await bear_licences(tx, group, actor=actor, now=now):
        return
    left = await sanctions.kinds_on(tx, group.ids, day=london_day(now))
    if not left & {*rules.SUSPENSIONS, SanctionKind.REMOVAL}:
        raise rules.EvidenceStillMissing


async def get(db: Database, *, sanction_id: int, actor: Actor) -> SeenSanction:
    """Return a sanction."""
    actor.require("register:decide")
    async with db.reading() as tx:
        return await _get(tx, sanction_id)


async def page(
    db: Database, *, number: str | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenSanction]:
    """Return the sanctions of one person, or of everybody, in the order in which they were imposed."""
    actor.require("register:decide")
    (last,) = place_of(after, int) or (0,)
    canonical = None if number is None else parse_number(number)
    async with db.reading() as tx:
        ids = None if canonical is None else (await named(tx, canonical)).ids
        found = await sanctions.page(tx, person_ids=ids, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.sanction_id,))


async def named(tx: Transaction, number: str) -> Group:
    """Return the person whom a canonical number names, or refuse."""
    group = await merges.group_of_number(tx, number)
    if group is None:
        raise NoSuchNumber(number=number)
    return group


async def locked(tx: Transaction, number: str) -> Group:
    """Return the person whom a canonical number names, locked, or refuse."""
    return await merges.lock_group(tx, (await named(tx, number)).kept_id)


async def _get(tx: Transaction, sanction_id: int) -> SeenSanction:
    held = await sanctions.find(tx, sanction_id)
    if held is None:
        raise NoSuchSanction(sanction_id=sanction_id)
    return held
