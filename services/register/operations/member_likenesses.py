"""People who may be recorded already, noted for a registrar to decide; nobody is ever joined."""

from collections.abc import Sequence
from typing import NamedTuple

from services.register.domain.member import Details, name_key
from services.register.domain.member_import import Outcome
from services.register.domain.person import Identity, Name, possible_duplicate_reason
from services.register.operations.members import Told
from services.register.storage import member_likenesses
from services.register.storage.member_likenesses import Likeness, Sought
from shared.database import Transaction
from shared.journal import Record

MAY_BE_KNOWN = (
    "Another of your members has the same name and date of birth; a registrar will look whether the two are "
    "one person."
)


class Known(NamedTuple):
    """Somebody who was written, to be compared with everybody else; with people before only, if new."""

    person_id: int
    details: Details
    previous: Sequence[Name]
    is_new: bool


async def note_likenesses(tx: Transaction, told: Told, looked_at: Sequence[tuple[Outcome, Known]]) -> None:
    """Note everybody who may be recorded already, for a registrar to decide; nobody is joined.

    The association is told of its own members only: a file of guesses would tell it a stranger's birth.
    """
    by_person = {known.person_id: (outcome, known) for outcome, known in looked_at}
    noted: list[Likeness] = []
    found = await member_likenesses.alike(tx, told.association, [_sought(known) for _, known in looked_at])
    for person_id, other_id, theirs, is_own in found:
        outcome, known = by_person[person_id]
        reason = possible_duplicate_reason(_identity(known), theirs)
        if reason is None:
            continue
        noted.append(Likeness(person_id=person_id, other_id=other_id, reason=reason))
        if is_own:
            outcome.possible_duplicate, outcome.message = True, f"Row {outcome.row}: {MAY_BE_KNOWN}"
    await member_likenesses.note(
        tx,
        noted,
        at=told.now,
        record=lambda subject, reason: Record(
            actor=told.actor, at=told.now, event="duplicate.found", subject=subject, facts={"reason": reason}
        ),
    )


def _sought(known: Known) -> Sought:
    names = (known.details.name, *known.previous)
    keys = (name_key(names[0]),) if len(names) == 1 else tuple(dict.fromkeys(map(name_key, names)))
    return Sought(known.person_id, keys, known.details.date_of_birth, known.is_new)


def _identity(known: Known) -> Identity:
    details = known.details
    return Identity(
        given_names=details.given_names,
        family_name=details.family_name,
        previous_names=tuple(known.previous),
        date_of_birth=details.date_of_birth,
    )
