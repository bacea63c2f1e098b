"""Deciding whether two records are one person, and joining those that are."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.register.domain.merging import DuplicateStatus, check_open
from services.register.domain.person import parse_number
from services.register.operations.matching.joining import join
from services.register.storage import merges, possible_duplicates
from services.register.storage.possible_duplicates import PossibleDuplicate
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.errors import NotFound
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenDuplicate = PossibleDuplicate
DECIDE = "register:decide"


class NoSuchPossibleDuplicate(NotFound):
    """There is no possible duplicate {duplicate_id}."""


class DuplicateOutcome(StrEnum):
    """What a registrar decides of two records."""

    SAME_PERSON = "same_person"
    DIFFERENT_PEOPLE = "different_people"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A registrar's decision; ``kept_number`` may say which number stays when they are one person."""

    outcome: DuplicateOutcome
    kept_number: str | None
    reason: str


async def page(
    db: Database, *, status: DuplicateStatus | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenDuplicate]:
    """Return possible duplicates in the order in which they were found."""
    actor.require(DECIDE)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await possible_duplicates.page(tx, status=status, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.duplicate_id,))


async def decide(
    db: Database, once: Once, *, duplicate_id: int, decision: Decision, actor: Actor, now: datetime
) -> SeenDuplicate:
    """Decide once and for all; records of one person are joined, and nothing in them is rewritten."""
    actor.require(DECIDE)
    kept_number = None if decision.kept_number is None else parse_number(decision.kept_number)
    async with db.transaction(actor, once) as tx:
        seen = await _get(tx, duplicate_id)
        groups = await merges.lock_groups(tx, seen.first_person_id, seen.second_person_id)
        seen = await _get(tx, duplicate_id)
        check_open(seen.status)
        status = DuplicateStatus(decision.outcome.value)
        await possible_duplicates.decide(
            tx,
            duplicate_id,
            status=status,
            reason=decision.reason,
            record=Record(
                actor=actor,
                at=now,
                event="duplicate.decided",
                subject=f"duplicate:{duplicate_id}",
                facts={"outcome": status.value},
            ),
        )
        if status is DuplicateStatus.SAME_PERSON and groups[0] != groups[1]:
            await join(tx, groups, kept_number=kept_number, reason=decision.reason, actor=actor, now=now)
        shown = await _get(tx, duplicate_id)
        once.answer(shown)
    return shown


async def _get(tx: Transaction, duplicate_id: int) -> PossibleDuplicate:
    found = await possible_duplicates.find(tx, duplicate_id)
    if found is None:
        raise NoSuchPossibleDuplicate(duplicate_id=duplicate_id)
    return found
