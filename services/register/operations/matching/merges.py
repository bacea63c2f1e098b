"""Two numbers merged by a registrar, and a merge undone by another, each with what it did to both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.register.domain.matching import joining as rules
from services.register.domain.matching.joining import OnePersonAlready, Survivor, stated
from services.register.domain.merging import DuplicateStatus
from services.register.domain.person import parse_number
from services.register.operations.matching.joining import join
from services.register.operations.matching.parting import bear_alone
from services.register.operations.public_entries import republish
from services.register.operations.sanctions import named
from services.register.storage import merges, possible_duplicates
from services.register.storage.matching import merge_records
from services.register.storage.matching.merge_records import HeldMerge
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.errors import NotFound
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

DECIDE = "register:decide"


class NoSuchMerge(NotFound):
    """There is no merge {merge_id}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewMerge:
    """Which number is kept, which leads to it, and which details are shown as the retired record has them."""

    kept_number: str
    retired_number: str
    survives: frozenset[Survivor]
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Stayed:
    """Something written while two records were one, and the number with which it stays."""

    kind: str
    fact_id: int
    number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenMerge:
    """A merge; where it has just been undone, what was written meanwhile."""

    held: HeldMerge
    stayed: tuple[Stayed, ...] = ()


async def merge(db: Database, once: Once, *, wanted: NewMerge, actor: Actor, now: datetime) -> SeenMerge:
    """Join two numbers; nothing in either record is rewritten, and what stands of either goes on standing."""
    actor.require(DECIDE)
    kept_number, retired_number = parse_number(wanted.kept_number), parse_number(wanted.retired_number)
    reason = stated(wanted.reason)
    async with db.transaction(actor, once) as tx:
        ids = [(await named(tx, number)).kept_id for number in (kept_number, retired_number)]
        groups = await merges.lock_groups(tx, *ids)
        if groups[0] == groups[1]:
            raise OnePersonAlready(number=groups[0].number)
        await _settle_duplicates(tx, groups, reason, actor=actor, now=now)
        merge_id = await join(
            tx,
            groups,
            kept_number=groups[0].number,
            reason=reason,
            survives=wanted.survives,
            actor=actor,
            now=now,
        )
        seen = SeenMerge(held=await _get(tx, merge_id))
        once.answer(seen)
    return seen


async def undo(
    db: Database, once: Once, *, merge_id: int, reason: str, actor: Actor, now: datetime
) -> SeenMerge:
    """Part two records again: each has its own facts back, what was written meanwhile stays where it is."""
    actor.require(DECIDE)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, merge_id)
        together = await merges.lock_group(tx, held.person_id)
        held = await _get(tx, merge_id)
        undoing = rules.undone(held.status, merged_by=held.merged_by, by=actor.subject, reason=reason)
        await merge_records.undo(
            tx,
            held,
            undoing,
            record=Record(
                actor=actor,
                at=now,
                event="people.parted",
                subject=held.retired_number,
                facts={"kept_number": held.kept_number},
            ),
        )
        groups = [await merges.group_of(tx, each) for each in (held.kept_person_id, held.person_id)]
        for group in groups:
            await bear_alone(tx, group, merge_id, actor=actor, now=now)
        await republish(tx, together.ids, now=now)
        stayed = await _stayed(tx, groups, since=held.merged_at)
        seen = SeenMerge(held=await _get(tx, merge_id), stayed=stayed)
        once.answer(seen)
    return seen


async def get(db: Database, *, merge_id: int, actor: Actor) -> SeenMerge:
    """Return a merge."""
    actor.require(DECIDE)
    async with db.reading() as tx:
        return SeenMerge(held=await _get(tx, merge_id))


async def page(db: Database, *, actor: Actor, after: str | None, limit: int) -> Page[SeenMerge]:
    """Return merges in the order in which they were made, undone ones among them."""
    actor.require(DECIDE)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = [SeenMerge(held=each) for each in await merge_records.page(tx, after=last, limit=limit + 1)]
    return page_of(found, limit=limit, place=lambda each: (each.held.merge_id,))


async def _settle_duplicates(
    tx: Transaction, groups: Sequence[Group], reason: str, *, actor: Actor, now: datetime
) -> None:
    """Decide the possible duplicates that the merge answers, so that nobody is asked again."""
    status = DuplicateStatus.SAME_PERSON
    for duplicate_id in await possible_duplicates.open_between(tx, groups[0].ids, groups[1].ids):
        record = Record(
            actor=actor,
            at=now,
            event="duplicate.decided",
            subject=f"duplicate:{duplicate_id}",
            facts={"outcome": status.value},
        )
        await possible_duplicates.decide(tx, duplicate_id, status=status, reason=reason, record=record)


async def _stayed(tx: Transaction, groups: Sequence[Group], *, since: datetime) -> tuple[Stayed, ...]:
    """Return what was written while the two were one, for the registrar to look whose it is."""
    numbers = {each: group.number for group in groups for each in group.ids}
    written = await merge_records.written_since(tx, sorted(numbers), since)
    return tuple(
        Stayed(kind=each.kind, fact_id=each.fact_id, number=numbers[each.person_id]) for each in written
    )


async def _get(tx: Transaction, merge_id: int) -> HeldMerge:
    held = await merge_records.find(tx, merge_id)
    if held is None:
        raise NoSuchMerge(merge_id=merge_id)
    return held
