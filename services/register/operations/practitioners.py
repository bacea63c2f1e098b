"""Practitioners as each audience may see them: the public, their own association, the registrar."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.register.domain.member import Contact
from services.register.domain.person import MalformedNumber, Name, parse_number
from services.register.domain.verdict import VerdictCode, malformed, never_issued
from services.register.operations import verdicts
from services.register.operations.holdings import DECIDE
from services.register.operations.member_records import former_names
from services.register.operations.renewal.name_changes import known_as
from services.register.operations.verdicts import Axes, Bodies
from services.register.storage import code_acceptances, holdings, memberships, people, register_entries
from services.register.storage.code_acceptances import CodeAcceptance
from services.register.storage.holdings import HeldHolding
from services.register.storage.matching.surviving import as_shown
from services.register.storage.memberships import HeldMembership
from services.register.storage.people import Person
from services.register.storage.renewal import name_changes
from shared.actor import Actor
from shared.database import Database, Transaction

WRITE = "members:write"
SeenMembership = HeldMembership


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownAs:
    """Under which id an association knows a person, and where it reaches them."""

    association: str
    member_id: str
    contact: Contact


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What is on file of a practitioner, as far as the caller may see it."""

    previous: tuple[Name, ...]
    known_as: tuple[KnownAs, ...]
    memberships: tuple[HeldMembership, ...]
    holdings: tuple[HeldHolding, ...]
    acceptances: tuple[CodeAcceptance, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Practitioner:
    """A number with its verdict; who it is where the caller may know it, and the record where it is theirs.

    ``decides`` tells a registrar's view from an association's.
    """

    number: str | None
    verdict: Mapping[str, Any]
    person: Person | None = None
    record: Record | None = None
    decides: bool = False

    @property
    def kept_number(self) -> str | None:
        """The number that holds the record, where this one was merged into it."""
        return self.verdict["kept_number"] if self.verdict["verdict"] == VerdictCode.MERGED else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """A practitioner and the day, the instant and the journal position that the answer is about."""

    practitioner: Practitioner
    axes: Axes
    head: int


async def look_up(
    db: Database,
    *,
    number: str,
    valid_at: date | None,
    known_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> Sight:
    """Return what the caller may see of a number; raises MalformedNumber and NeverIssued."""
    canonical = parse_number(number)
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    found = await verdicts.bodies(db, [canonical], axes=axes)
    if canonical not in found.by_number:
        raise verdicts.not_issued(canonical)
    async with db.reading(None if actor.may(DECIDE) else actor) as tx:
        named = await _named(tx, [canonical], found)
        practitioner = named[canonical]
        if practitioner.kept_number is None:
            practitioner = await _opened(tx, practitioner, valid_at=valid_at, axes=axes, actor=actor)
        if axes.known_at is not None and practitioner.person is not None:
            person = await known_as(tx, practitioner.person, known_at=axes.known_at)
            practitioner = replace(practitioner, person=person)
    return Sight(practitioner=practitioner, axes=axes, head=found.head)


async def look_up_many(db: Database, *, numbers: Sequence[str], now: datetime) -> list[Practitioner]:
    """Return the public view of each number, in the order asked; a few queries, however many there are."""
    canonical = [_canonical(number) for number in numbers]
    wanted = sorted({number for number in canonical if number is not None})
    found = await verdicts.bodies_today(db, wanted, now=now)
    async with db.reading() as tx:
        named = await _named(tx, list(found.by_number), found)
    answers = []
    for given, number in zip(numbers, canonical, strict=True):
        if number is None:
            answers.append(Practitioner(number=None, verdict=malformed(given).as_public_dict()))
        elif number in named:
            answers.append(named[number])
        else:
            verdict = never_issued(number).as_public_dict()
            answers.append(Practitioner(number=number, verdict=verdict))
    return answers


def _canonical(number: str) -> str | None:
    try:
        return parse_number(number)
    except MalformedNumber:
        return None


async def _named(tx: Transaction, numbers: Sequence[str], found: Bodies) -> dict[str, Practitioner]:
    """Return each number with its verdict, and who it is if they were on the register and not erased."""
    rows = await people.find_by_numbers(tx, numbers)
    groups = await people.groups_of(tx, [person.id for person in rows.values()])
    everyone = {each for group in groups.values() for each in group}
    entered = {entry.person_id for entry in await register_entries.held(tx, sorted(everyone))}
    kept = await people.find_many(tx, [group[0] for group in groups.values()])
    kept = await as_shown(tx, kept, groups.values())
    shown = {}
    for number, person in rows.items():
        verdict = json.loads(found.by_number[number])
        group = groups[person.id]
        seen = verdict["verdict"] != VerdictCode.MERGED and bool(entered & set(group))
        public = seen and not kept[group[0]].erased
        shown[number] = Practitioner(
            number=number, verdict=verdict, person=kept[group[0]] if public else None
        )
    return shown


async def _opened(
    tx: Transaction, practitioner: Practitioner, *, valid_at: date | None, axes: Axes, actor: Actor
) -> Practitioner:
    """Return the practitioner with the record, where the caller is a registrar or their association."""
    person = (await people.find_by_numbers(tx, [practitioner.number or ""]))[practitioner.number or ""]
    group = (await people.groups_of(tx, [person.id]))[person.id]
    decides = actor.may(DECIDE)
    viewer = None if decides else actor.association
    own = viewer is not None and actor.may(WRITE) and await memberships.belongs(tx, group, viewer)
    if not decides and not own:
        return practitioner
    kept = (await as_shown(tx, await people.find_many(tx, [group[0]]), [group]))[group[0]]
    return Practitioner(
        number=practitioner.number,
        verdict=practitioner.verdict,
        person=kept,
        record=await _record(tx, kept, group, viewer=viewer, valid_at=valid_at, known_at=axes.known_at),
        decides=decides,
    )


async def _record(
    tx: Transaction,
    person: Person,
    group: Sequence[int],
    *,
    viewer: str | None,
    valid_at: date | None,
    known_at: datetime | None,
) -> Record:
    """Return what is on file, of one association or of all, on a day and as known at an instant."""
    names = await (
        people.previous_names(tx, group)
        if known_at is None
        else name_changes.previous_then(tx, group, known_at=known_at)
    )
    told = await memberships.held(tx, group, association=viewer, valid_at=valid_at, known_at=known_at)
    held = await holdings.held(tx, group, valid_at=valid_at, known_at=known_at)
    accepted = await code_acceptances.held(tx, group, known_at=known_at)
    ids = await people.member_ids_of(tx, group)
    return Record(
        previous=former_names(person, (name for each in group for name in names[each])),
        known_as=tuple(
            KnownAs(
                association=row.association,
                member_id=row.member_id,
                contact=Contact(email=row.email, telephone=row.telephone),
            )
            for row in ids
            if viewer in (None, row.association)
        ),
        memberships=tuple(told),
        holdings=tuple(each for each in held if viewer in (None, each.association)),
        acceptances=tuple(
            each
            for each in accepted
            if viewer in (None, each.association) and (valid_at is None or each.accepted_on <= valid_at)
        ),
    )
