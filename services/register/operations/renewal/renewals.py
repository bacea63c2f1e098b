"""Renewing a licence: the term that follows, asked for by an association, explained to whoever may know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.register.clients.cpd import Caller, CpdClient
from services.register.domain.facts import LicenceFact
from services.register.domain.member import NoSuchMember
from services.register.domain.person import parse_number
from services.register.domain.renewal import renewal as rules
from services.register.domain.renewal.renewal import Answer, Case, CpdAnswer, Renewal
from services.register.operations.admissions import code_accepted, membership_level
from services.register.operations.member_records import own_association
from services.register.operations.public_entries import republish
from services.register.operations.verdicts import not_issued
from services.register.storage import holdings, licences, memberships, merges, people, policies, sanctions
from services.register.storage.constraints import ChangedMeanwhile
from services.register.storage.licences import HeldLicence
from services.register.storage.merges import Group
from services.register.storage.register_entries import just_after
from services.register.storage.renewal import deaths, renewals
from services.register.storage.renewal.renewals import HeldRenewal
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import NotFound
from shared.idempotency import Once
from shared.journal import Record

DECIDE = "register:decide"
WRITE = "members:write"
# A licence that the job has closed as lapsed is out of time, as it was the day before the job ran.
RUNS_ITS_COURSE = (None, "lapsed")
SeenRenewal = HeldRenewal


class NoSuchRenewal(NotFound):
    """There is no such renewal, or it is not one of yours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """Whether the licence of a number may be renewed on a day."""

    number: str
    today: date
    answer: Answer


async def explain(
    db: Database, cpd: CpdClient, *, number: str, caller: Caller, actor: Actor, now: datetime
) -> Explained:
    """Say whether a licence may be renewed today, from when until when, and what is missing.

    An association asks about its own members; anybody else's number is to it as one never given out.
    """
    canonical, today = parse_number(number), london_day(now)
    async with db.reading() as tx:
        group = await _seen(tx, canonical, actor=actor)
    standing = await cpd.standing(group.number, valid_at=today, caller=caller)
    async with db.reading() as tx:
        case, _ = await _case(tx, group, cpd=standing, today=today)
        found = rules.answer(
            case,
            entry_policies=await policies.entry_policies(tx),
            licence_policies=await policies.licence_policies(tx),
            today=today,
        )
    return Explained(number=group.number, today=today, answer=found)


async def renew(
    db: Database,
    cpd: CpdClient,
    once: Once,
    *,
    member_id: str,
    caller: Caller,
    actor: Actor,
    now: datetime,
) -> SeenRenewal:
    """Renew the licence of a member of the caller's association for one more term."""
    actor.require(WRITE)
    association, today = own_association(actor), london_day(now)
    async with db.reading() as tx:
        asked = await merges.group_of(tx, await _member(tx, association, member_id))
    # Asked before the transaction opens: nobody is held up while the neighbour is slow.
    standing = await cpd.standing(asked.number, valid_at=today, caller=caller)
    async with db.transaction(actor, once) as tx:
        group = await merges.lock_group(tx, await _member(tx, association, member_id))
        if group.number != asked.number:
            raise ChangedMeanwhile
        case, licence = await _case(tx, group, cpd=standing, today=today)
        found = rules.renew(
            case,
            entry_policies=await policies.entry_policies(tx),
            licence_policies=await policies.licence_policies(tx),
            today=today,
        )
        renewal_id = await _grant(tx, group, licence, found, association, actor=actor, now=now)
        await republish(tx, group.ids, now=now)
        renewed = await _get(tx, renewal_id, actor=actor)
        once.answer(renewed)
    return renewed


async def get(db: Database, *, renewal_id: int, actor: Actor) -> SeenRenewal:
    """Return a renewal that the caller may see."""
    async with db.reading() as tx:
        return await _get(tx, renewal_id, actor=actor)


async def _member(tx: Transaction, association: str, member_id: str) -> int:
    person = await people.find_by_member_id(tx, association, member_id)
    if person is None:
        raise NoSuchMember
    return person.id


async def _seen(tx: Transaction, number: str, *, actor: Actor) -> Group:
    """Return the person of a number, if the caller may see them in full."""
    group = await merges.group_of_number(tx, number)
    if group is None:
        raise not_issued(number)
    association = actor.association
    own = association is not None and await memberships.belongs(tx, group.ids, association)
    if not actor.may(DECIDE) and not own:
        raise not_issued(number)
    return group


async def _case(
    tx: Transaction, group: Group, *, cpd: CpdAnswer, today: date
) -> tuple[Case, HeldLicence | None]:
    """Return everything that decides a renewal, and the licence that would be renewed."""
    held = await licences.held(tx, group.ids)
    licence = _last_term(held)
    scopes = () if licence is None else await licences.scopes_on(tx, group.ids, day=licence.valid_to)
    case = Case(
        term=None if licence is None else _days(licence),
        scopes=scopes,
        membership_level=await membership_level(tx, group, day=today),
        code_accepted=await code_accepted(tx, group, day=today),
        bars=await sanctions.kinds_on(tx, group.ids, day=today),
        deceased=await deaths.recorded(tx, group.ids),
        holdings=tuple(each.holding for each in await holdings.held(tx, group.ids)),
        licensed=tuple(_days(each) for each in held),
        cpd=cpd,
    )
    return case, licence


def _last_term(held: Sequence[HeldLicence]) -> HeldLicence | None:
    """Return the last term, unless something other than time has ended it."""
    last = max(held, key=lambda each: each.valid_to, default=None)
    return last if last is not None and last.ended in RUNS_ITS_COURSE else None


def _days(licence: HeldLicence) -> LicenceFact:
    return LicenceFact(valid_from=licence.valid_from, valid_to=licence.valid_to)


async def _grant(
    tx: Transaction,
    group: Group,
    licence: HeldLicence | None,
    found: Answer,
    association: str,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Write the term that follows, and the renewal that says on what it rests."""
    granted = found.renewal
    assert licence is not None  # noqa: S101 - renew() refuses without a term
    assert granted is not None  # noqa: S101 - and grants something when it does not refuse
    if licence.ended is not None:  # closed by a job whose day has begun already
        raise ChangedMeanwhile
    record = await _record(tx, group, licence, granted, actor=actor, now=now)
    await licences.end(tx, licence, last=licence.valid_to, why="renewed", record=record)
    licence_id = await licences.issue(
        tx,
        person_id=group.kept_id,
        application_id=licence.application_id,
        holding_id=granted.judgement.holding_id or licence.holding_id,
        policy_version=granted.judgement.policy.version,
        valid_from=granted.valid_from,
        valid_to=granted.valid_to,
        scopes=granted.scopes,
        record=record,
    )
    return await renewals.save(
        tx,
        granted,
        person_id=group.kept_id,
        association=association,
        renewed_licence_id=licence.licence_id,
        licence_id=licence_id,
        cpd=found.cpd,
        notices=found.notices,
        record=record,
    )


async def _record(
    tx: Transaction,
    group: Group,
    licence: HeldLicence,
    granted: Renewal,
    *,
    actor: Actor,
    now: datetime,
) -> Record:
    bearing = granted.judgement.holding_id
    evidence = [each for each in await holdings.held(tx, group.ids) if each.holding.holding_id == bearing]
    return Record(
        actor=actor,
        at=just_after(now, licence, *evidence),
        event="licence.renewed",
        subject=group.number,
        facts={
            "valid_from": granted.valid_from.isoformat(),
            "valid_to": granted.valid_to.isoformat(),
            "scopes": [scope.value for scope in granted.scopes],
        },
    )


async def _get(tx: Transaction, renewal_id: int, *, actor: Actor) -> SeenRenewal:
    held = await renewals.find(tx, renewal_id)
    viewer = None if actor.may(DECIDE) else own_association(actor)
    if held is None or viewer not in (None, held.association):
        raise NoSuchRenewal
    return held


def as_registrar(actor: Actor) -> Actor:
    """Return a registrar, who decides for the whole register, whichever association the token also names."""
    actor.require(DECIDE)
    return replace(actor, association=None)
