"""People who resemble somebody: noted for a registrar to decide, and never joined."""

from collections.abc import Sequence
from datetime import datetime

from services.register.domain.member import Details, name_key
from services.register.domain.person import Identity, Name, possible_duplicate_reason
from services.register.storage import likenesses, people
from services.register.storage.people import Person
from shared.actor import Actor
from shared.database import Transaction
from shared.journal import Record


async def note(
    tx: Transaction, person: Person, previous: Sequence[Name], *, actor: Actor, now: datetime
) -> None:
    """Note everybody who may be this person; the caller holds the identity."""
    keys = {name_key(name) for name in (person.details.name, *previous)}
    others = await people.possible_duplicates_of(tx, keys, person.details.date_of_birth, [person.id])
    own = (await people.groups_of(tx, [person.id]))[person.id]
    others = [other for other in others if other.id not in own]
    theirs = await people.previous_names(tx, [other.id for other in others])
    mine = _identity(person.details, previous)
    for other in others:
        reason = possible_duplicate_reason(mine, _identity(other.details, theirs[other.id]))
        if reason is not None:
            record = Record(
                actor=actor, at=now, event="duplicate.found", subject="", facts={"reason": reason}
            )
            await likenesses.note(tx, person.id, other.id, reason=reason, record=record)


def _identity(details: Details, previous: Sequence[Name]) -> Identity:
    return Identity(
        given_names=details.given_names,
        family_name=details.family_name,
        previous_names=tuple(previous),
        date_of_birth=details.date_of_birth,
    )
