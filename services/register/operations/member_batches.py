"""Many members told at once: one transaction, one result for each, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.register.domain.member import BatchNotWritten, MemberTwiceInBatch, Telling
from services.register.operations.member_records import own_association
from services.register.operations.members import Told, Written, hold, tell, tellers
from services.register.operations.public_entries import republish
from services.register.operations.rights.join_attempts import held, keep, reserved
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.errors import FieldError, Refusal
from shared.idempotency import Once


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One item: what it tells, or why it cannot be read."""

    member_id: str
    telling: Telling | Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What one item came to."""

    member_id: str
    outcome: Written | Refusal


async def upsert_batch(
    db: Database, *, items: Sequence[Item], all_or_nothing: bool, actor: Actor, now: datetime, once: Once
) -> list[Result]:
    """Bring members up to what is told; an item that is refused leaves the others as they would be.

    With ``all_or_nothing`` one refused item refuses the batch, and nothing is written.
    """
    association = own_association(actor)
    # Backwards, so that of items with one member id the first is held: it is the one that is written.
    tellings = {each.member_id: each.telling for each in reversed(items) if isinstance(each.telling, Telling)}
    given = {member_id: each.registration_number for member_id, each in tellings.items()}
    # What is refused as a whole leaves nothing behind, so its attempts are counted before it begins.
    before = given if all_or_nothing else {}
    async with (
        reserved(db, association, before, actor=actor, now=now) as attempts,
        db.transaction(actor, once) as tx,
    ):
        if not all_or_nothing:
            numbers = [number for number in given.values() if number is not None]
            attempts = await held(tx, association, numbers, now=now)
        told = await tellers(tx, actor, attempts=attempts, now=now)
        await hold(tx, association, tellings)
        results = await _results(tx, told, items)
        if not all_or_nothing and attempts is not None:
            await keep(tx, attempts, actor=actor, now=now)
        if all_or_nothing:
            _check_all(results)
        changed = [each.outcome for each in results if isinstance(each.outcome, Written)]
        await republish(tx, sorted({each.person_id for each in changed if each.changed}), now=now)
        once.answer(results)
    return results


async def _results(tx: Transaction, told: Told, items: Sequence[Item]) -> list[Result]:
    seen: set[str] = set()
    results = []
    for item in items:
        outcome = await _outcome(tx, told, item, repeated=item.member_id in seen)
        seen.add(item.member_id)
        results.append(Result(member_id=item.member_id, outcome=outcome))
    return results


async def _outcome(tx: Transaction, told: Told, item: Item, *, repeated: bool) -> Written | Refusal:
    """Write one item. A refusal comes before the first write, so it can be kept while others go on."""
    if isinstance(item.telling, Refusal):
        return item.telling
    if repeated:
        return MemberTwiceInBatch()
    try:
        return await tell(tx, told, member_id=item.member_id, telling=item.telling)
    except Refusal as refusal:
        return refusal


def _check_all(results: Sequence[Result]) -> None:
    errors: list[FieldError] = []
    for place, result in enumerate(results):
        if isinstance(result.outcome, Refusal):
            own = result.outcome.errors or (FieldError("", result.outcome.code, result.outcome.detail),)
            errors += [FieldError(f"/items/{place}{each.pointer}", each.code, each.detail) for each in own]
    if errors:
        raise BatchNotWritten(errors=errors)
