"""A file of entries: each row brought up to what it tells, some hundreds in one transaction.

A file that is stopped in the middle is sent again: what was written by then is found unchanged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.cpd.domain.access import NoSuchMember, own_association
from services.cpd.domain.entry import Entry, EntryTwiceInBatch
from services.cpd.domain.number import parse_number
from services.cpd.operations.entries import KINDS, Item, Told, settled
from services.cpd.storage import entries, groups, members, reference
from services.cpd.storage.entries import HeldEntry
from services.cpd.storage.groups import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Refusal

ROWS_AT_ONCE = 500
Names = Mapping[str, Mapping[str, str]]


class RowOutcome(StrEnum):
    """What became of a row."""

    RECORDED = "recorded"
    AMENDED = "amended"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class RowResult:
    """What became of one row, and why it was refused if it was."""

    entry_id: str
    outcome: RowOutcome
    refusal: Refusal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _People:
    """The persons whom the rows name, and which numbers are members of the association."""

    groups: Mapping[str, Group]
    own: frozenset[str]

    def member(self, number: str) -> Group:
        group = self.groups[parse_number(number)]
        if not self.own.intersection(group.numbers):
            raise NoSuchMember
        return group


async def take(
    db: Database, *, items: Sequence[Item], dry_run: bool, actor: Actor, now: datetime
) -> list[RowResult]:
    """Bring the caller's entries up to what the rows tell, and return what each came to, in order.

    A row that is refused leaves the others as they would be; the same file again changes nothing. A dry run
    says what would be and writes nothing.
    """
    association = own_association(actor)
    results: list[RowResult] = []
    seen: set[str] = set()
    for start in range(0, len(items), ROWS_AT_ONCE):
        chunk = items[start : start + ROWS_AT_ONCE]
        if dry_run:
            async with db.reading(actor) as tx:
                results += await _chunk(tx, chunk, seen, dry_run=True, actor=actor, now=now)
            continue
        async with db.transaction(actor) as tx:
            await entries.hold(tx, association, [each.entry_id for each in chunk])
            results += await _chunk(tx, chunk, seen, dry_run=False, actor=actor, now=now)
    return results


async def _chunk(
    tx: Transaction, chunk: Sequence[Item], seen: set[str], *, dry_run: bool, actor: Actor, now: datetime
) -> list[RowResult]:
    association = own_association(actor)
    names = await _names(tx)
    known = {kind: frozenset(names[kind].values()) for kind in KINDS}
    told = Told(actor=actor, association=association, now=now, known=known)
    people = await _people(tx, chunk, association)
    held = await entries.find_many(tx, association, [each.entry_id for each in chunk])
    results: list[RowResult] = []
    new: list[tuple[str, Entry]] = []
    changed: list[tuple[HeldEntry, Entry]] = []
    for item in chunk:
        try:
            standing = held.get(item.entry_id)
            entry = _settled(item, names, people, standing, told, repeated=item.entry_id in seen)
        except Refusal as refusal:
            results.append(RowResult(entry_id=item.entry_id, outcome=RowOutcome.REFUSED, refusal=refusal))
            continue
        finally:
            seen.add(item.entry_id)
        if entry is None:
            outcome = RowOutcome.UNCHANGED
        elif standing is None:
            outcome = RowOutcome.RECORDED
            new.append((item.entry_id, entry))
        else:
            outcome = RowOutcome.AMENDED
            changed.append((standing, entry))
        results.append(RowResult(entry_id=item.entry_id, outcome=outcome))
    if not dry_run:
        await _write(tx, told, new, changed)
    return results


async def _write(
    tx: Transaction,
    told: Told,
    new: Sequence[tuple[str, Entry]],
    changed: Sequence[tuple[HeldEntry, Entry]],
) -> None:
    records = [told.record(entry, event="entry.recorded") for _, entry in new]
    await entries.write_many(tx, new, association=told.association, records=records)
    for standing, entry in changed:
        record = told.record(entry, event="entry.amended", entry=standing.id)
        await entries.amend(tx, standing, entry, record=record)


def _settled(
    item: Item, names: Names, people: _People, standing: HeldEntry | None, told: Told, *, repeated: bool
) -> Entry | None:
    """Return the entry that has to be written, or None where nothing changes."""
    if isinstance(item.entry, Refusal):
        raise item.entry
    if repeated:
        raise EntryTwiceInBatch
    entry = _with_codes(item.entry, names)
    group = people.member(entry.number)
    return settled(entry, group, standing, known=told.known, today=london_day(told.now))


def _with_codes(entry: Entry, names: Names) -> Entry:
    """Return the entry with codes for what a person wrote in words."""

    def coded(kind: str, given: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(names[kind].get(each.casefold(), each) for each in given))

    return replace(
        entry,
        kind=coded("activity_types", [entry.kind])[0],
        approaches=coded("learning_approaches", entry.approaches),
        standards=coded("competence_standards", entry.standards),
        specialisms=coded("specialisms", entry.specialisms),
    )


async def _names(tx: Transaction) -> Names:
    """Return for each kind of code how people may write it: the code or its title."""
    return {
        kind: {
            name.casefold(): each["code"]
            for each in await reference.bodies(tx, kind)
            for name in (each["title"], each["code"])
        }
        for kind in KINDS
    }


async def _people(tx: Transaction, chunk: Sequence[Item], association: str) -> _People:
    numbers: set[str] = set()
    for item in chunk:
        if isinstance(item.entry, Refusal):
            continue
        try:
            numbers.add(parse_number(item.entry.number))
        except Refusal:
            continue  # is told when its row is looked at
    found = await groups.of_numbers(tx, numbers)
    every = {number for group in found.values() for number in group.numbers}
    return _People(groups=found, own=await members.ever_of(tx, every, association))
