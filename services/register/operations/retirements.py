"""Retiring from the register: the entry turns into a retirement, and the licence ends the day before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.register.domain import licence as rules
from services.register.domain.licence import (
    AlreadyRetired,
    NotOnTheRegister,
    RegisterEntry,
    RemovedFromTheRegister,
)
from services.register.domain.member import AssociationMissing, NoSuchMember
from services.register.domain.person import parse_number
from services.register.domain.renewal.death import HolderHasDied
from services.register.domain.retirement import check_wish
from services.register.domain.sanction import SanctionKind
from services.register.operations.licences import lapse_within
from services.register.operations.public_entries import republish
from services.register.storage import (
    licences,
    memberships,
    merges,
    people,
    policies,
    register_entries,
    sanctions,
)
from services.register.storage.merges import Group
from services.register.storage.register_entries import HeldEntry, just_after
from services.register.storage.renewal import deaths
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Unprocessable
from shared.idempotency import Once
from shared.journal import Record

SUSPENSIONS = frozenset({SanctionKind.SUSPENSION, SanctionKind.INTERIM_SUSPENSION})


class NumberOrMemberIdMissing(Unprocessable):
    """Say who is meant: give the registration number or, as an association, your member id; not both."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """Who retires, from which day on."""

    number: str | None
    member_id: str | None
    retired_on: date
    reason: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Retirement:
    """Somebody's retirement as it was recorded."""

    number: str
    retired_on: date
    reason: str | None


async def retire(db: Database, once: Once, *, wish: Wish, actor: Actor, now: datetime) -> Retirement:
    """Retire somebody from the register; from that day on the verdict says so."""
    actor.require("members:write", "register:decide")
    async with db.transaction(actor, once) as tx:
        meant = await who(tx, number=wish.number, member_id=wish.member_id, actor=actor)
        group = await merges.lock_group(tx, meant)
        await _check_may_retire(tx, group, on=wish.retired_on, actor=actor, now=now)
        await _retire(tx, group, wish, actor=actor, now=now)
        await republish(tx, group.ids, now=now)
        retirement = Retirement(number=group.number, retired_on=wish.retired_on, reason=wish.reason)
        once.answer(retirement)
    return retirement


async def who(tx: Transaction, *, number: str | None, member_id: str | None, actor: Actor) -> int:
    """Return the person meant, if the caller may speak for them; a stranger's member is unknown."""
    if (number is None) == (member_id is None):
        raise NumberOrMemberIdMissing
    registrar = actor.may("register:decide")
    if actor.association is None and not registrar:
        raise AssociationMissing
    if number is not None:
        found = await people.find_by_number(tx, parse_number(number))
    elif actor.association is not None:
        found = await people.find_by_member_id(tx, actor.association, member_id or "")
    else:
        raise NumberOrMemberIdMissing
    if found is None or not (registrar or await _own(tx, found.id, actor)):
        raise NoSuchMember
    return found.id


async def _own(tx: Transaction, person_id: int, actor: Actor) -> bool:
    group = await merges.group_of(tx, person_id)
    return await memberships.belongs(tx, group.ids, actor.association or "")


async def _check_may_retire(tx: Transaction, group: Group, *, on: date, actor: Actor, now: datetime) -> None:
    """Refuse whoever was removed; who has lapsed is off the register, whether or not the job has run."""
    today = london_day(now)
    if await deaths.recorded(tx, group.ids):
        raise HolderHasDied
    await lapse_within(tx, group, known=await policies.licence_policies(tx), actor=actor, now=now)
    imposed = await sanctions.kinds_on(tx, group.ids, day=today)
    if SanctionKind.REMOVAL in imposed:
        raise RemovedFromTheRegister
    check_wish(
        on=on,
        today=today,
        by_registrar=actor.may("register:decide"),
        suspended=bool(SUSPENSIONS & set(imposed)),
    )


async def _retire(tx: Transaction, group: Group, wish: Wish, *, actor: Actor, now: datetime) -> None:
    standing = _standing(await register_entries.held(tx, group.ids), day=wish.retired_on)
    ended, retirement = _retired(standing, on=wish.retired_on)
    last = wish.retired_on - timedelta(days=1)
    running = [each for each in await licences.held(tx, group.ids) if each.valid_to > last]
    record = Record(
        actor=actor,
        at=just_after(now, *standing, *running),
        event="register.retired",
        subject=group.number,
        facts={"valid_from": retirement.valid_from.isoformat()},
    )
    for entry in standing:
        await register_entries.close(tx, entry, last=ended.valid_to or last, record=record)
    await register_entries.enter(
        tx, person_id=standing[-1].person_id, entry=retirement, reason=wish.reason, record=record
    )
    for licence in running:
        await licences.end(tx, licence, last=last, why="retired", record=record)


def _standing(entries: Sequence[HeldEntry], *, day: date) -> list[HeldEntry]:
    """Return the entries on the register, on the day or later, from which nobody has retired."""
    retired = {each.person_id for each in entries if not each.on_register and each.stands(day)}
    found = [each for each in entries if each.on_register and each.stands(day)]
    standing = [each for each in found if each.person_id not in retired]
    if not standing and retired:
        raise AlreadyRetired
    return standing


def _retired(standing: list[HeldEntry], *, on: date) -> tuple[RegisterEntry, RegisterEntry]:
    if not standing:
        raise NotOnTheRegister
    return rules.retire(standing[-1].entry, on=on)
