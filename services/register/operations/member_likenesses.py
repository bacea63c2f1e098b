"""People who may be recorded already, noted for a registrar to decide; nobody is ever joined."""

from collections.abc import Sequence

from services.register.domain.member import Details, name_key
from services.register.domain.member_import import Outcome
from services.register.domain.person import Identity, Name, possible_duplicate_reason
from services.register.operations.members import Told
from services.register.storage import member_likenesses
from services.register.storage.member_likenesses import Likeness, Sought
from shared.database import Transaction
from shared.journal import Record

MAY_BE_KNOWN = (
    "Somebody with the same name and date of birth is recorded already; a registrar will look whether the "
    "two are one person."
)


async def note_likenesses(
    tx: Transaction, told: Told, sought: Sequence[tuple[Outcome, Sought, Identity]]
) -> None:
    """Note everybody who may be recorded already, for a registrar to decide; nobody is joined."""
    by_person = {each.person_id: (outcome, mine) for outcome, each, mine in sought}
    noted: list[Likeness] = []
    for person_id, other_id, theirs in await member_likenesses.alike(tx, [each for _, each, _ in sought]):
        outcome, mine = by_person[person_id]
        reason = possible_duplicate_reason(mine, theirs)
        if reason is not None:
            outcome.possible_duplicate, outcome.message = True, f"Row {outcome.row}: {MAY_BE_KNOWN}"
            noted.append(Likeness(person_id=person_id, other_id=other_id, reason=reason))
    await member_likenesses.note(
        tx,
        noted,
        at=told.now,
        record=lambda subject, reason: Record(
            actor=told.actor, at=told.now, event="duplicate.found", subject=subject, facts={"reason": reason}
        ),
    )


def seeking(
    person_id: int, details: Details, previous: Sequence[Name], *, is_new: bool
) -> tuple[Sought, Identity]:
    """Return for whom others are looked for, and what they are compared by."""
    keys = dict.fromkeys(name_key(name) for name in (details.name, *previous))
    sought = Sought(person_id=person_id, keys=tuple(keys), born=details.date_of_birth, is_new=is_new)
    return sought, Identity(
        given_names=details.given_names,
        family_name=details.family_name,
        previous_family_names=tuple(name.family_name for name in previous),
        date_of_birth=details.date_of_birth,
    )
