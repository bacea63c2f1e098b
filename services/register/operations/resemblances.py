"""People who resemble somebody: noted for a registrar to decide, and never joined."""

from collections.abc import Sequence
from datetime import datetime

from services.register.domain.matching.names import keys_to_look_up, name_key_of
from services.register.domain.matching.resemblance import Traits, by_names
from services.register.domain.person import Name
from services.register.storage import likenesses, people
from services.register.storage.people import Person
from shared.actor import Actor
from shared.database import Transaction
from shared.journal import Record


async def note(
    tx: Transaction, person: Person, previous: Sequence[Name], *, actor: Actor, now: datetime
) -> None:
    """Note everybody who may be this person; the caller holds the identity."""
    mine = _traits(person, previous)
    keys = keys_to_look_up(mine.names)
    others = await people.possible_duplicates_of(tx, keys, person.details.date_of_birth, [person.id])
    own = (await people.groups_of(tx, [person.id]))[person.id]
    others = [other for other in others if other.id not in own]
    theirs = await people.previous_names(tx, [other.id for other in others])
    for other in others:
        reason = by_names(mine, _traits(other, theirs[other.id]))
        if reason is not None:
            record = Record(
                actor=actor, at=now, event="duplicate.found", subject="", facts={"reason": reason}
            )
            await likenesses.note(tx, person.id, other.id, reason=reason, record=record)


def _traits(person: Person, previous: Sequence[Name]) -> Traits:
    name, *left = (
        name_key_of(each.given_names, each.family_name) for each in (person.details.name, *previous)
    )
    return Traits(person_id=person.id, name=name, previous=tuple(left), born=person.details.date_of_birth)
