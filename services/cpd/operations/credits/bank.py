"""The credit bank: credit recorded, corrected and voided by a person's associations, and read back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.cpd.domain.access import own_association
from services.cpd.domain.credits import credit as rules
from services.cpd.domain.credits.credit import (
    Credit,
    CreditTwiceInBatch,
    CreditVoided,
    NoSuchCredit,
    Told,
)
from services.cpd.operations.persons import anybody, own_member
from services.cpd.operations.standings import Axes
from services.cpd.storage import entries as log
from services.cpd.storage.credits import bank
from services.cpd.storage.credits import told as kept
from services.cpd.storage.credits.bank import HeldCredit
from services.cpd.storage.credits.told import MODULES
from services.cpd.storage.groups import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Refusal
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

WRITER = "cpd:write"


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenCredit:
    """Credit as a caller sees it on a day: an association reads the references of its own only."""

    held: HeldCredit
    counts: bool
    own: bool


Expectation = Callable[[SeenCredit | None], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """Credit as it stands after it was told."""

    seen: SeenCredit
    created: bool
    changed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One item of a batch: what it tells, or why it cannot be read."""

    credit_id: str
    credit: Told | Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What one item of a batch came to."""

    credit_id: str
    outcome: Written | Refusal


async def upsert(
    db: Database,
    *,
    association: str,
    credit_id: str,
    told: Told,
    actor: Actor,
    now: datetime,
    expecting: Expectation = lambda _: None,
) -> Written:
    """Bring credit up to what an association tells of its member; the same again changes nothing.

    ``expecting`` is shown the credit as it stands under lock and may refuse. Raises NoSuchCredit,
    NoSuchMember, CreditNotPlausible, CreditVoided, CreditOfAnotherPerson.
    """
    if own_association(actor) != association:
        raise NoSuchCredit
    async with db.transaction(actor) as tx:
        await log.hold(tx, association, [f"credit {credit_id}"])
        held = await bank.find(tx, association, credit_id)
        expecting(None if held is None else _seen(held, actor, day=london_day(now)))
        group = await own_member(tx, told.number, actor)
        await hold_people(tx, [group])
        return await _tell(tx, group, association, credit_id, told, actor=actor, now=now)


async def upsert_batch(
    db: Database, once: Once, *, items: Sequence[Item], actor: Actor, now: datetime
) -> list[Result]:
    """Bring much credit up to what is told; an item that is refused leaves the others as they would be."""
    association = own_association(actor)
    async with db.transaction(actor, once) as tx:
        await log.hold(tx, association, [f"credit {each.credit_id}" for each in items])
        people = [await _person(tx, item, actor) for item in items]
        await hold_people(tx, [each for each in people if isinstance(each, Group)])
        seen: set[str] = set()
        results = []
        for item, group in zip(items, people, strict=True):
            repeated = item.credit_id in seen
            seen.add(item.credit_id)
            outcome = await _outcome(tx, item, group, repeated=repeated, actor=actor, now=now)
            results.append(Result(credit_id=item.credit_id, outcome=outcome))
        once.answer(results)
    return results


async def void(db: Database, once: Once, *, id_: int, reason: str, actor: Actor, now: datetime) -> SeenCredit:
    """Void credit: it counts for nothing any more, and stays readable with its versions.

    Raises NoSuchCredit, CreditVoided.
    """
    association = own_association(actor)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, association, id_)
        await hold_people(tx, [await own_member(tx, held.credit.number, actor)])
        held = await _get(tx, association, id_)
        if held.void_reason is not None:
            raise CreditVoided
        record = _record("credit.voided", held.credit, association, actor, now, credit=id_)
        await bank.amend(tx, held, held.credit, record=record, void_reason=reason)
        shown = _seen(await _get(tx, association, id_), actor, day=london_day(now))
        once.answer(shown)
    return shown


async def get(db: Database, *, association: str, credit_id: str, actor: Actor, now: datetime) -> SeenCredit:
    """Return credit that the caller's own association told; a foreign one looks like a missing one."""
    async with db.reading() as tx:
        held = None
        if own_association(actor) == association:
            held = await bank.find(tx, association, credit_id)
    if held is None:
        raise NoSuchCredit
    return _seen(held, actor, day=london_day(now))


async def versions(db: Database, *, id_: int, actor: Actor, now: datetime) -> Sequence[SeenCredit]:
    """Return every version of credit that the caller's own association told, oldest first."""
    async with db.reading() as tx:
        found = await bank.versions(tx, own_association(actor), id_)
    if not found:
        raise NoSuchCredit
    return [_seen(each, actor, day=london_day(now)) for each in found]


async def of_person(
    db: Database, *, number: str, axes: Axes, actor: Actor, after: str | None, limit: int, now: datetime
) -> Page[SeenCredit]:
    """Return what stands in a person's credit bank, of every association; raises NoSuchMember."""
    (last,) = place_of(after, int) or (0,)
    day, _ = axes.settled(now)
    async with db.reading() as tx:
        group = await whoever_may_be_read(tx, number, actor)
        found = await bank.of_person(
            tx, group.numbers, day=day, known_at=axes.known_at, after=last, limit=limit + 1
        )
    shown = [_seen(each, actor, day=day) for each in found]
    return page_of(shown, limit=limit, place=lambda each: (each.held.id,))


async def whoever_may_be_read(tx: Transaction, number: str, actor: Actor) -> Group:
    """Return the person whom a number names: a member of an association that asks, else anybody."""
    if actor.may(WRITER):
        return await own_member(tx, number, actor)
    return await anybody(tx, number)


async def hold_people(tx: Transaction, people: Sequence[Group]) -> None:
    """Let nobody else change the credit of these people until the transaction ends."""
    await log.hold(tx, "credit of", [each.kept for each in people])


async def _person(tx: Transaction, item: Item, actor: Actor) -> Group | Refusal:
    if isinstance(item.credit, Refusal):
        return item.credit
    try:
        return await own_member(tx, item.credit.number, actor)
    except Refusal as refusal:
        return refusal


async def _outcome(
    tx: Transaction, item: Item, group: Group | Refusal, *, repeated: bool, actor: Actor, now: datetime
) -> Written | Refusal:
    """Write one item. A refusal comes before its first write, so it can be kept while others go on."""
    if isinstance(item.credit, Refusal):
        return item.credit
    if isinstance(group, Refusal):
        return group
    if repeated:
        return CreditTwiceInBatch()
    association = own_association(actor)
    try:
        return await _tell(tx, group, association, item.credit_id, item.credit, actor=actor, now=now)
    except Refusal as refusal:
        return refusal


async def _tell(
    tx: Transaction,
    group: Group,
    association: str,
    credit_id: str,
    told: Told,
    *,
    actor: Actor,
    now: datetime,
) -> Written:
    """Write credit that is held; every refusal comes before the first write."""
    keeper, _, own_id = told.module.partition("/")
    module = await kept.find(tx, MODULES, keeper, own_id, told.module_version)
    today = london_day(now)
    credit = rules.credit_of(
        replace(told, number=group.kept), None if module is None else module.told, today=today
    )
    held = await bank.find(tx, association, credit_id)
    if held is None:
        record = _record("credit.recorded", credit, association, actor, now)
        id_ = await bank.write(tx, credit, association=association, credit_id=credit_id, record=record)
        seen = _seen(await _get(tx, association, id_), actor, day=today)
        return Written(seen=seen, created=True, changed=True)
    rules.check_amendable(held.credit, voided=held.void_reason is not None, same_person=group.numbers)
    # It stays with the number under which it was told first, and what was awarded stays worth what it was.
    credit = replace(credit, number=held.credit.number)
    if (credit.module, credit.module_version) == (held.credit.module, held.credit.module_version):
        credit = replace(credit, value=held.credit.value, awarding_body=held.credit.awarding_body)
    if credit == held.credit:
        return Written(seen=_seen(held, actor, day=today), created=False, changed=False)
    record = _record("credit.amended", credit, association, actor, now, credit=held.id)
    await bank.amend(tx, held, credit, record=record)
    seen = _seen(await _get(tx, association, held.id), actor, day=today)
    return Written(seen=seen, created=False, changed=True)


async def _get(tx: Transaction, association: str, id_: int) -> HeldCredit:
    held = await bank.find_by_id(tx, association, id_)
    if held is None:
        raise NoSuchCredit
    return held


def _seen(held: HeldCredit, actor: Actor, *, day: date) -> SeenCredit:
    counts = held.void_reason is None and (held.expires_on is None or day < held.expires_on)
    return SeenCredit(held=held, counts=counts, own=actor.association in (None, held.association))


def _record(event: str, about: Credit, association: str, actor: Actor, now: datetime, **facts: int) -> Record:
    """Return a line's record; what somebody learnt, and what it is worth, is nobody else's business."""
    said = {"association": association, **facts}
    return Record(actor=actor, at=now, event=event, subject=about.number, facts=said)
