"""Members told by their associations: a person is made or changed, and the membership with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.register.domain.member import (
    AssociationNotKnown,
    Change,
    MemberAlreadyRecorded,
    Membership,
    NoSuchMember,
    RegistrationNumberNotConfirmed,
    RegistrationNumberNotRehearsed,
    Telling,
    changed_fields,
    is_shown_to_be,
    membership_changes,
    name_key,
)
from services.register.domain.person import Name
from services.register.domain.rights.joining import Attempts
from services.register.operations import resemblances
from services.register.operations.alerts.raising import tell_of_standing
from services.register.operations.member_details import Vocabulary, checked, vocabulary
from services.register.operations.member_records import Member, find, own_association
from services.register.operations.public_entries import republish
from services.register.operations.reference import known_codes
from services.register.operations.rights.join_attempts import reserved
from services.register.storage import member_contacts, memberships, people
from services.register.storage.constraints import ChangedMeanwhile
from services.register.storage.matching.surviving import end_choices, unless_shown
from services.register.storage.memberships import HeldMembership
from services.register.storage.people import Person
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.journal import Record

NOBODY = 0
Expectation = Callable[[Member | None], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Upserted:
    """What an upsert came to: the member as it stands, and whether it is new or differs from before."""

    member: Member
    created: bool
    changed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What was written of one member."""

    person_id: int
    number: str
    created: bool
    changed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Who tells, for which association, when, in which vocabulary; without ``attempts`` nobody is joined."""

    actor: Actor
    association: str
    now: datetime
    known: Vocabulary
    attempts: Attempts | None = None

    def record(self, event: str, subject: str, **facts: Any) -> Record:
        """Return the journal record of something that is told."""
        content = {"association": self.association, **facts}
        return Record(actor=self.actor, at=self.now, event=event, subject=subject, facts=content)


async def upsert(
    db: Database,
    *,
    association: str,
    member_id: str,
    telling: Telling,
    actor: Actor,
    now: datetime,
    expecting: Expectation = lambda _: None,
) -> Upserted:
    """Bring a member of the caller's own association up to what is told; the same again changes nothing.

    ``expecting`` is shown the member as it stands under lock and may refuse.
    """
    if own_association(actor) != association:
        raise NoSuchMember
    given = {member_id: telling.registration_number}
    async with (
        reserved(db, association, given, actor=actor, now=now) as attempts,
        db.transaction(actor) as tx,
    ):
        told = await tellers(tx, actor, attempts=attempts, now=now)
        await hold(tx, association, {member_id: telling})
        expecting(await find(tx, association, member_id, now=now))
        written = await tell(tx, told, member_id=member_id, telling=telling)
        if written.changed:
            await republish(tx, [written.person_id], now=now)
        member = await find(tx, association, member_id, now=now)
    if member is None:
        raise NoSuchMember
    return Upserted(member=member, created=written.created, changed=written.changed)


async def tellers(tx: Transaction, actor: Actor, *, now: datetime, attempts: Attempts | None = None) -> Told:
    """Return who tells, refusing an association that the reference data lacks."""
    association = own_association(actor)
    if association not in await known_codes(tx, "associations"):
        raise AssociationNotKnown
    return Told(actor=actor, association=association, now=now, known=await vocabulary(tx), attempts=attempts)


async def hold(tx: Transaction, association: str, tellings: Mapping[str, Telling]) -> None:
    """Hold what is told until the transaction ends: the ids, the identities and the people, in this order.

    Two who tell of the same members wait for one another, and two people who look alike see each other.
    """
    await people.hold_member_ids(tx, association, tellings)
    identities = [each for telling in tellings.values() for each in telling.identities]
    await people.hold_identities(tx, identities)
    await hold_people(tx, list((await people.ids_of_members(tx, association, tellings)).values()))


async def hold_people(tx: Transaction, ids: Sequence[int]) -> None:
    """Lock every row of these people in the order of their ids; raises ChangedMeanwhile on a merge."""
    groups = await people.groups_of(tx, ids)
    await people.lock_many(tx, {each for group in groups.values() for each in group})
    if await people.groups_of(tx, ids) != groups:
        raise ChangedMeanwhile


async def tell(tx: Transaction, told: Told, *, member_id: str, telling: Telling) -> Written:
    """Write one member who is held; every refusal comes before the first write."""
    telling = checked(telling, known=told.known, today=london_day(told.now))
    found = await people.find_by_member_id(tx, told.association, member_id)
    if found is not None:
        return await _change(tx, told, found, member_id=member_id, telling=telling)
    if telling.registration_number is not None:
        return await _join(tx, told, member_id=member_id, telling=telling)
    return await _create(tx, told, member_id=member_id, telling=telling)


async def _create(tx: Transaction, told: Told, *, member_id: str, telling: Telling) -> Written:
    changes = membership_changes({}, telling.membership, corrects=telling.corrects)
    details = telling.details
    person = await people.create(
        tx,
        details=details,
        previous=_new_previous(telling, details.name, ()),
        association=told.association,
        member_id=member_id,
        contact=telling.contact,
        record=told.record("member.recorded", ""),
    )
    for change in changes:
        await memberships.write(
            tx,
            change,
            person_id=person.id,
            association=told.association,
            member_id=member_id,
            held_before=(),
            record=told.record("membership.recorded", person.number, **change.membership.as_facts()),
        )
    await resemblances.note(tx, person, telling.previous, actor=told.actor, now=told.now)
    return Written(person_id=person.id, number=person.number, created=True, changed=True)


async def _join(tx: Transaction, told: Told, *, member_id: str, telling: Telling) -> Written:
    """Make somebody who has a number the association's member; who cannot show it learns nothing.

    A rehearsal does not compare: whoever tries dates of birth on a stranger's number would leave no trace.
    """
    number, attempts = telling.registration_number or "", told.attempts
    if attempts is None:
        raise RegistrationNumberNotRehearsed
    attempts.begin(number)
    named = await people.find_by_number(tx, number)
    # A number that nobody has takes the same way, so that the time does not tell either.
    named_id = NOBODY if named is None else named.id
    kept_id = (await people.groups_of(tx, [named_id]))[named_id][0]
    await hold_people(tx, [kept_id])
    person = (await people.find_many(tx, [kept_id])).get(kept_id)
    if person is None or not is_shown_to_be(person.details, telling.details):
        attempts.refuse(number)
        raise RegistrationNumberNotConfirmed
    held = await memberships.held(tx, [person.id], association=told.association)
    membership_changes(_by_id(held), telling.membership, corrects=telling.corrects)
    await people.link(
        tx,
        person_id=person.id,
        association=told.association,
        member_id=member_id,
        contact=telling.contact,
        record=told.record("member.recorded", person.number, joined=True),
    )
    confirmed = replace(telling, registration_number=None)
    written = await _change(tx, told, person, member_id=member_id, telling=confirmed)
    return Written(person_id=person.id, number=written.number, created=True, changed=True)


async def _change(tx: Transaction, told: Told, found: Person, *, member_id: str, telling: Telling) -> Written:
    group = (await people.groups_of(tx, [found.id]))[found.id]
    person = (await people.find_many(tx, [group[0]]))[group[0]]
    _check_number(telling, person, found)
    telling = replace(telling, details=await unless_shown(tx, group, person, telling.details))
    held = await memberships.held(tx, [found.id], association=told.association)
    changes = membership_changes(_by_id(held), telling.membership, corrects=telling.corrects)
    changed = await _change_details(tx, told, person, member_id=member_id, telling=telling)
    at = memberships.after_all(held, told.now)
    for change in changes:
        ends = change.membership != telling.membership
        await memberships.write(
            tx,
            change,
            person_id=found.id,
            association=told.association,
            member_id=None if ends else member_id,
            held_before=held,
            record=_membership_record(told, _was(held, change), ends, person.number, change.membership, at),
        )
    if changes:
        await tell_of_standing(tx, group, association=told.association, actor=told.actor, now=told.now)
    return Written(person_id=found.id, number=person.number, created=False, changed=changed or bool(changes))


async def _change_details(
    tx: Transaction, told: Told, person: Person, *, member_id: str, telling: Telling
) -> bool:
    """Write details that differ: the contact of this member id, the others of the person; say if any did."""
    known = (await people.previous_names(tx, [person.id]))[person.id]
    previous = _new_previous(telling, telling.details.name, known)
    contact = (await member_contacts.of_members(tx, told.association, [member_id]))[member_id]
    names = changed_fields(person.details, telling.details)
    contact_names = changed_fields(contact, telling.contact)
    changed = [*names, *contact_names, *(["previous_names"] if previous else [])]
    record = told.record("member.changed", person.number, changed=changed)
    if contact_names:
        await member_contacts.change(tx, told.association, member_id, telling.contact, record=record)
    if names or previous:
        await _change_person(tx, told, person, telling, (known, previous), record)
    return bool(changed)


async def _change_person(
    tx: Transaction,
    told: Told,
    person: Person,
    telling: Telling,
    names: tuple[tuple[Name, ...], tuple[Name, ...]],
    record: Record,
) -> None:
    """Write other details of a person, and look for people of the new name; ``names`` are known and new."""
    known, previous = names
    identity = (name_key(telling.details.name), telling.details.date_of_birth)
    renamed = identity != (name_key(person.details.name), person.details.date_of_birth)
    if renamed:
        await people.hold_identities(tx, [identity])
    after = await people.change(tx, person, details=telling.details, previous=previous, record=record)
    await end_choices(tx, person.id, person.details, telling.details, record=record)
    if renamed:
        await resemblances.note(tx, after, (*known, *previous), actor=told.actor, now=told.now)


def _check_number(telling: Telling, person: Person, found: Person) -> None:
    given = telling.registration_number
    if given is not None and given not in (person.number, found.number):
        raise MemberAlreadyRecorded


def _new_previous(telling: Telling, name: Name, known: Sequence[Name]) -> tuple[Name, ...]:
    """Return the previous names that are told, without those that are known and the present one."""
    return tuple(dict.fromkeys(each for each in telling.previous if each != name and each not in known))


def _by_id(held: Sequence[HeldMembership]) -> dict[int, Membership]:
    return {each.membership_id: each.membership for each in held}


def _was(held: Sequence[HeldMembership], change: Change) -> Membership | None:
    return None if change.corrects is None else _by_id(held)[change.corrects]


def _membership_record(
    told: Told, was: Membership | None, ends: bool, number: str, membership: Membership, at: datetime
) -> Record:
    event = "membership.ended" if ends else "membership.recorded" if was is None else "membership.changed"
    facts = {"association": told.association, **membership.as_facts()}
    if was is not None and not ends:
        facts["was_from"] = was.valid_from.isoformat()
    return Record(actor=told.actor, at=at, event=event, subject=number, facts=facts)
