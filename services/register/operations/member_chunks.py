"""A chunk of an import brought into the register: all of its rows in one transaction, set by set."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.register.domain.member import (
    NO_CONTACT,
    Change,
    Details,
    Telling,
    name_key,
)
from services.register.domain.member_import import (
    Difference,
    Outcome,
    RowOutcome,
    Stored,
    new_previous,
)
from services.register.domain.member_row import MemberRow, RowReader
from services.register.operations.alerts.raising import tell_of_standing
from services.register.operations.member_likenesses import Known, note_likenesses
from services.register.operations.member_rows import ChunkRows, fail, read_rows
from services.register.operations.member_work import Work, sorted_out
from services.register.operations.members import Told, hold_people, tell
from services.register.operations.public_entries import republish
from services.register.operations.rights import join_attempts
from services.register.storage import (
    member_chunks,
    member_contacts,
    people,
    recorded_members,
    row_fingerprints,
)
from services.register.storage.member_chunks import MembershipChange
from services.register.storage.recorded_members import Found
from shared.database import Transaction
from shared.errors import Refusal
from shared.journal import Record


async def bring_in(
    tx: Transaction, told: Told, reader: RowReader, chunk: ChunkRows, *, rehearsing: bool = False
) -> tuple[list[Outcome], list[tuple[Outcome, MemberRow]]]:
    """Write what the rows change; return what became of each, in order, and the members that could be read.

    A row that cannot be used leaves the others as they would be. Rows that change nothing take no lock
    and write nothing. ``rehearsing`` joins nobody, since what it writes is undone and leaves no trace.
    """
    numbers = await row_fingerprints.known(tx, told.association, chunk.digests)
    outcomes, read = await asyncio.to_thread(read_rows, reader, chunk, numbers)
    if read:
        await _bring_in(tx, told, reader, read, rehearsing=rehearsing)
        kept = {
            row.member_id: (chunk.digests[row.member_id], outcome.number)
            for outcome, row in read
            if outcome.number is not None and row.member_id in chunk.digests
        }
        await row_fingerprints.keep(tx, told.association, kept)
    return outcomes, read


async def _bring_in(
    tx: Transaction,
    told: Told,
    reader: RowReader,
    read: Sequence[tuple[Outcome, MemberRow]],
    *,
    rehearsing: bool,
) -> None:
    found = await recorded_members.find(tx, told.association, [row.member_id for _, row in read])
    work = sorted_out(read, found, reader)
    held = work.member_ids()
    if held:
        if not rehearsing:
            # Before anybody is locked, as in a batch: two who wait for each other would never end.
            attempts = await join_attempts.held(tx, told.association, work.numbers_given(), now=told.now)
            told = replace(told, attempts=attempts)
        await people.hold_member_ids(tx, told.association, held)
        known = [found.members[each].person_id for each in held if each in found.members]
        await hold_people(tx, known)
        # Read anew under the locks: somebody else may have written these members meanwhile.
        found = await recorded_members.find(tx, told.association, held)
        wanted = set(held)
        work = sorted_out([each for each in read if each[1].member_id in wanted], found, reader)
        await _write(tx, told, reader, work, found)
        if told.attempts is not None:
            await join_attempts.keep(tx, told.attempts, actor=told.actor, now=told.now)


async def _write(tx: Transaction, told: Told, reader: RowReader, work: Work, found: Found) -> None:
    await people.hold_identities(tx, _new_identities(work))
    touched = [*await _create(tx, told, work), *await _change(tx, told, work, found)]
    touched += await _tell_each(tx, told, reader, work)
    await republish(tx, sorted(set(touched)), now=told.now)


def _new_identities(work: Work) -> list[tuple[str, Any]]:
    created = [row.telling for _, row in work.new.values()]
    renamed = [differs.telling for _, _, stored, differs in work.changed if _is_renamed(stored, differs)]
    return [each for telling in (*created, *renamed) for each in telling.identities]


async def _create(tx: Transaction, told: Told, work: Work) -> list[int]:
    if not work.new:
        return []
    wanted = {
        member_id: (
            row.telling,
            new_previous(row.telling.previous, row.telling.details.name, ()),
        )
        for member_id, (_, row) in work.new.items()
    }
    made = await member_chunks.create(tx, told.association, wanted, record=told.record("member.recorded", ""))
    changes = []
    numbers: dict[int, str] = {}
    looked_at: list[tuple[Outcome, Known]] = []
    for member_id, (outcome, row) in work.new.items():
        person_id, number = made[member_id]
        outcome.outcome, outcome.number = RowOutcome.CREATED, number
        numbers[person_id] = number
        change = Change(corrects=None, membership=row.telling.membership)
        changes.append(
            MembershipChange(
                person_id=person_id, member_id=member_id, change=change, version=None, at=told.now
            )
        )
        looked_at.append((outcome, Known(person_id, row.telling.details, row.telling.previous, is_new=True)))
    await member_chunks.write_memberships(
        tx,
        told.association,
        changes,
        record=lambda each: _membership_record(told, each, numbers[each.person_id], ends=False),
    )
    await note_likenesses(tx, told, looked_at)
    return list(numbers)


async def _change(tx: Transaction, told: Told, work: Work, found: Found) -> list[int]:
    if not work.changed:
        return []
    await member_chunks.change(
        tx,
        told.association,
        [(row.member_id, stored, differs) for _, row, stored, differs in work.changed if differs.told],
        record=lambda stored, differs: told.record("member.changed", stored.number, changed=differs.told),
    )
    await _change_memberships(tx, told, work, found)
    moved = [stored.person_id for _, _, stored, differs in work.changed if differs.changes]
    if moved:
        await tell_of_standing(tx, moved, association=told.association, actor=told.actor, now=told.now)
    await note_likenesses(tx, told, [_renamed(*each) for each in work.changed if _is_renamed(*each[2:])])
    return [stored.person_id for _, _, stored, _ in work.changed]


async def _change_memberships(tx: Transaction, told: Told, work: Work, found: Found) -> None:
    numbers = {stored.person_id: stored.number for _, _, stored, _ in work.changed}
    wanted = {stored.person_id: differs.telling.membership for _, _, stored, differs in work.changed}
    await member_chunks.write_memberships(
        tx,
        told.association,
        [each for entry in work.changed for each in _membership_changes(told, entry, found)],
        record=lambda each: _membership_record(
            told,
            each,
            numbers[each.person_id],
            ends=each.change.membership != wanted[each.person_id],
        ),
    )


def _renamed(outcome: Outcome, _: MemberRow, stored: Stored, differs: Difference) -> tuple[Outcome, Known]:
    previous = (*stored.previous, *differs.previous)
    return outcome, Known(stored.person_id, differs.telling.details, previous, is_new=False)


def _membership_changes(
    told: Told, entry: tuple[Outcome, MemberRow, Stored, Difference], found: Found
) -> list[MembershipChange]:
    _, row, stored, differs = entry
    at = found.after_all(stored, told.now)
    changes = []
    for change in differs.changes:
        version = None if change.corrects is None else found.versions[change.corrects]
        ends = change.membership != differs.telling.membership
        member_id = version.member_id if version and ends else row.member_id
        changes.append(
            MembershipChange(
                person_id=stored.person_id, member_id=member_id, change=change, version=version, at=at
            )
        )
    return changes


async def _tell_each(tx: Transaction, told: Told, reader: RowReader, work: Work) -> list[int]:
    """Write the few members that stand in a merge or give a number, as if each were told alone."""
    touched = []
    for outcome, row in work.one_by_one:
        telling = await _completed(tx, told, reader, row)
        try:
            written = await tell(tx, told, member_id=row.member_id, telling=telling)
        except Refusal as refusal:
            fail(outcome, refusal.detail)
            continue
        outcome.number = written.number
        if written.changed:
            outcome.outcome = RowOutcome.CREATED if written.created else RowOutcome.CHANGED
            touched.append(written.person_id)
    return touched


async def _completed(tx: Transaction, told: Told, reader: RowReader, row: MemberRow) -> Telling:
    """Fill in the details that the file has no column for from whoever's number is kept.

    The contact details are those of the member id, so that whoever joins is not given another's.
    """
    telling = row.telling
    known = await people.find_by_member_id(tx, told.association, row.member_id)
    if known is None:
        known = await people.find_by_number(tx, telling.registration_number or "")
    if known is None:
        return telling
    kept_id = (await people.groups_of(tx, [known.id]))[known.id][0]
    kept = (await people.find_many(tx, [kept_id]))[kept_id]
    contacts = await member_contacts.of_members(tx, told.association, [row.member_id])
    completed = reader.completed(telling, kept.details, contacts.get(row.member_id, NO_CONTACT))
    if telling.registration_number is None:
        return completed
    # Whoever joins a known person has to show the date of birth, not be given it.
    born = telling.details.date_of_birth
    return replace(completed, details=replace(completed.details, date_of_birth=born))


def _is_renamed(stored: Stored, differs: Difference) -> bool:
    return _identity_of(stored.details) != _identity_of(differs.telling.details)


def _identity_of(details: Details) -> tuple[str, Any]:
    return name_key(details.name), details.date_of_birth


def _membership_record(told: Told, written: MembershipChange, number: str, *, ends: bool) -> Record:
    event = "membership.recorded" if written.version is None else "membership.changed"
    return Record(
        actor=told.actor,
        at=written.at,
        event="membership.ended" if ends else event,
        subject=number,
        facts={"association": told.association, **written.change.membership.as_facts()},
    )
