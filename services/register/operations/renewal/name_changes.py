"""A change of name, on evidence: the old name becomes a previous one, and what was known before stays."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.register.domain.person import Name, checked_name
from services.register.domain.renewal.name_change import check_name_change
from services.register.operations.retirements import who
from services.register.storage import merges, people
from services.register.storage.people import Person
from services.register.storage.renewal import name_changes
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class NewName:
    """Who goes by which name from which day on, and where the evidence is."""

    number: str | None
    member_id: str | None
    given_names: str
    family_name: str
    changed_on: date
    evidence_reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Renamed:
    """A change of name as it was recorded."""

    number: str
    name: Name
    previous: Name
    changed_on: date


async def change(db: Database, once: Once, *, wanted: NewName, actor: Actor, now: datetime) -> Renamed:
    """Record that somebody goes by another name: an association its own member, a registrar anyone."""
    actor.require("members:write", "register:decide")
    async with db.transaction(actor, once) as tx:
        meant = await who(tx, number=wanted.number, member_id=wanted.member_id, actor=actor)
        group = await merges.lock_group(tx, meant)
        person = (await people.find_many(tx, [group.kept_id]))[group.kept_id]
        name = checked_name(wanted.given_names, wanted.family_name)
        previous = person.details.name
        check_name_change(previous, name, changed_on=wanted.changed_on, today=london_day(now))
        record = Record(
            actor=actor,
            at=now,
            event="name.changed",
            subject=group.number,
            facts={"changed_on": wanted.changed_on.isoformat()},
        )
        details = replace(person.details, given_names=name.given_names, family_name=name.family_name)
        await people.change(tx, person, details=details, record=record)
        await name_changes.save(
            tx,
            person_id=group.kept_id,
            association=actor.association,
            changed_on=wanted.changed_on,
            evidence_reference=wanted.evidence_reference,
            record=record,
        )
        renamed = Renamed(number=group.number, name=name, previous=previous, changed_on=wanted.changed_on)
        once.answer(renamed)
    return renamed


async def known_as(tx: Transaction, person: Person, *, known_at: datetime) -> Person:
    """Return the person under the name by which the register knew them at an instant."""
    name = await name_changes.name_then(tx, person.id, known_at=known_at)
    if name is None:
        return person
    details = replace(person.details, given_names=name.given_names, family_name=name.family_name)
    return replace(person, details=details)
