"""The log: an association's entries recorded, amended, voided and read back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from services.cpd.domain import entry as rules
from services.cpd.domain.access import own_association
from services.cpd.domain.entry import Entry, EntryStatus, EntryTwiceInBatch, EntryVoided, NoSuchEntry
from services.cpd.operations.persons import own_member
from services.cpd.operations.reference import Vocabulary, check_codes, vocabulary
from services.cpd.storage import entries
from services.cpd.storage.entries import HeldEntry
from services.cpd.storage.groups import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Refusal
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenEntry = HeldEntry
KINDS = ("activity_types", "learning_approaches", "competence_standards", "specialisms")
Expectation = Callable[[HeldEntry | None], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """An entry as it stands after it was told."""

    held: HeldEntry
    created: bool
    changed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One item of a batch: what it tells, or why it cannot be read."""

    entry_id: str
    entry: Entry | Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What one item of a batch came to."""

    entry_id: str
    outcome: Written | Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Who tells, for which association, when, in which codes; ``people`` are those looked up already."""

    actor: Actor
    association: str
    now: datetime
    known: Vocabulary
    people: dict[str, Group] = field(default_factory=dict)

    async def person(self, tx: Transaction, number: str) -> Group:
        """Return the member whom a number names; raises NoSuchMember."""
        if number not in self.people:
            self.people[number] = await own_member(tx, number, self.actor)
        return self.people[number]

    def record(self, about: Entry, *, event: str, **facts: int) -> Record:
        """Return a line's record; what somebody learnt, when and for how long is nobody else's business."""
        said = {"association": self.association, "status": about.status.value, **facts}
        return Record(actor=self.actor, at=self.now, event=event, subject=about.number, facts=said)


async def upsert(
    db: Database,
    *,
    association: str,
    entry_id: str,
    entry: Entry,
    actor: Actor,
    now: datetime,
    expecting: Expectation = lambda _: None,
) -> Written:
    """Bring an entry up to what its association tells; the same again changes nothing.

    ``expecting`` is shown the entry as it stands under lock and may refuse.
    """
    if own_association(actor) != association:
        raise NoSuchEntry
    async with db.transaction(actor) as tx:
        await entries.hold(tx, association, [entry_id])
        expecting(await entries.find(tx, association, entry_id))
        return await _tell(tx, await _teller(tx, actor, now=now), entry_id, entry)


async def upsert_batch(
    db: Database, once: Once, *, items: Sequence[Item], actor: Actor, now: datetime
) -> list[Result]:
    """Bring many entries up to what is told; an item that is refused leaves the others as they would be."""
    association = own_association(actor)
    async with db.transaction(actor, once) as tx:
        await entries.hold(tx, association, [each.entry_id for each in items])
        told = await _teller(tx, actor, now=now)
        seen: set[str] = set()
        results = []
        for item in items:
            repeated = item.entry_id in seen
            seen.add(item.entry_id)
            outcome = await _outcome(tx, told, item, repeated=repeated)
            results.append(Result(entry_id=item.entry_id, outcome=outcome))
        once.answer(results)
    return results


async def void(db: Database, once: Once, *, id_: int, reason: str, actor: Actor, now: datetime) -> SeenEntry:
    """Void an entry: it counts for nothing any more, and stays readable with its versions."""
    association = own_association(actor)
    async with db.transaction(actor, once) as tx:
        await entries.hold(tx, association, [(await _get(tx, association, id_)).entry_id])
        held = await _get(tx, association, id_)
        if held.entry.status is EntryStatus.VOIDED:
            raise EntryVoided
        voided = replace(held.entry, status=EntryStatus.VOIDED)
        told = Told(actor=actor, association=association, now=now, known={})
        record = told.record(voided, event="entry.voided", entry=id_)
        await entries.amend(tx, held, voided, void_reason=reason, record=record)
        shown = await _get(tx, association, id_)
        once.answer(shown)
    return shown


async def get(db: Database, *, association: str, entry_id: str, actor: Actor) -> SeenEntry:
    """Return an entry of the caller's own association; a foreign one looks like a missing one."""
    async with db.reading() as tx:
        found = None
        if own_association(actor) == association:
            found = await entries.find(tx, association, entry_id)
    if found is None:
        raise NoSuchEntry
    return found


async def versions(db: Database, *, id_: int, actor: Actor) -> Sequence[SeenEntry]:
    """Return every version of an entry of the caller's own association, oldest first."""
    async with db.reading() as tx:
        found = await entries.versions(tx, own_association(actor), id_)
    if not found:
        raise NoSuchEntry
    return found


async def page(
    db: Database, *, number: str | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenEntry]:
    """Return the entries of the caller's own association, of one member or of all, by our ids."""
    association = own_association(actor)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        numbers = None if number is None else (await own_member(tx, number, actor)).numbers
        found = await entries.page(tx, association, numbers=numbers, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


async def _teller(tx: Transaction, actor: Actor, *, now: datetime) -> Told:
    known = await vocabulary(tx, *KINDS)
    return Told(actor=actor, association=own_association(actor), now=now, known=known)


async def _outcome(tx: Transaction, told: Told, item: Item, *, repeated: bool) -> Written | Refusal:
    """Write one item. A refusal comes before its first write, so it can be kept while others go on."""
    if isinstance(item.entry, Refusal):
        return item.entry
    if repeated:
        return EntryTwiceInBatch()
    try:
        return await _tell(tx, told, item.entry_id, item.entry)
    except Refusal as refusal:
        return refusal


async def _tell(tx: Transaction, told: Told, entry_id: str, entry: Entry) -> Written:
    """Write one entry that is held; every refusal comes before the first write."""
    group = await told.person(tx, entry.number)
    held = await entries.find(tx, told.association, entry_id)
    wanted = settled(entry, group, held, known=told.known, today=london_day(told.now))
    if held is None:
        wanted = wanted or entry
        id_ = await entries.write(
            tx,
            wanted,
            association=told.association,
            entry_id=entry_id,
            record=told.record(wanted, event="entry.recorded"),
        )
        return Written(held=await _get(tx, told.association, id_), created=True, changed=True)
    if wanted is None:
        return Written(held=held, created=False, changed=False)
    await entries.amend(tx, held, wanted, record=told.record(wanted, event="entry.amended", entry=held.id))
    return Written(held=await _get(tx, told.association, held.id), created=False, changed=True)


def settled(
    entry: Entry, group: Group, held: HeldEntry | None, *, known: Vocabulary, today: date
) -> Entry | None:
    """Return the entry as it is to be written, or None where it stands so already.

    Raises EntryNotPlausible, CpdCodesNotKnown, EntryVoided, EntryOfAnotherPerson.
    """
    rules.check(entry, today=today)
    check_codes(
        known,
        {
            "activity_types": ("/kind", [entry.kind]),
            "learning_approaches": ("/approaches", entry.approaches),
            "competence_standards": ("/standards", entry.standards),
            "specialisms": ("/specialisms", entry.specialisms),
        },
    )
    if held is None:
        return replace(entry, number=group.kept)
    rules.check_amendable(held.entry, same_person=group.numbers)
    # An entry stays with the number under which it was told first, as a merge rewrites nothing.
    wanted = replace(entry, number=held.entry.number)
    return None if wanted == held.entry else wanted


async def _get(tx: Transaction, association: str, id_: int) -> HeldEntry:
    held = await entries.find_by_id(tx, association, id_)
    if held is None:
        raise NoSuchEntry
    return held
