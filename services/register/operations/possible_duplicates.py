"""Deciding whether two records are one person, and joining those that are."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.register.domain.merging import DuplicateStatus, Party, check_open, keep
from services.register.domain.person import parse_number
from services.register.operations.alerts.raising import tell_of_standing
from services.register.operations.licences import lapse_within
from services.register.operations.public_entries import republish
from services.register.storage import licences, merges, policies, possible_duplicates, register_entries
from services.register.storage.merges import Group
from services.register.storage.possible_duplicates import PossibleDuplicate
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import NotFound
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenDuplicate = PossibleDuplicate
DECIDE = "register:decide"


class NoSuchPossibleDuplicate(NotFound):
    """There is no possible duplicate {duplicate_id}."""


class Outcome(StrEnum):
    """What a registrar decides of two records."""

    SAME_PERSON = "same_person"
    DIFFERENT_PEOPLE = "different_people"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A registrar's decision; ``kept_number`` may say which number stays when they are one person."""

    outcome: Outcome
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
    # A registrar decides for the whole register, whichever association the token may also name.
    actor = replace(actor, association=None)
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
            await _join(tx, groups, kept_number, decision.reason, actor=actor, now=now)
        shown = await _get(tx, duplicate_id)
        once.answer(shown)
    return shown


async def _join(
    tx: Transaction,
    groups: tuple[Group, ...],
    kept_number: str | None,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Let one person's number lead to the other's from today on."""
    first, second = [await _party(tx, group, actor=actor, now=now) for group in groups]
    kept, retired = keep(first, second, wanted=kept_number)
    await merges.merge(
        tx,
        person_id=retired.person_id,
        kept_person_id=kept.person_id,
        reason=reason,
        record=Record(
            actor=actor,
            at=now,
            event="people.merged",
            subject=retired.number,
            facts={"kept_number": kept.number},
        ),
    )
    everyone = [each for group in groups for each in group.ids]
    await tell_of_standing(tx, everyone, association=None, actor=actor, now=now)
    await republish(tx, everyone, now=now)


async def _party(tx: Transaction, group: Group, *, actor: Actor, now: datetime) -> Party:
    today = london_day(now)
    await lapse_within(tx, group, known=await policies.licence_policies(tx), actor=actor, now=now)
    entries = await register_entries.held(tx, group.ids)
    return Party(
        person_id=group.kept_id,
        number=group.number,
        on_register=any(each.on_register and each.stands(today) for each in entries),
        licensed=any(each.in_force(today) for each in await licences.held(tx, group.ids)),
    )


async def _get(tx: Transaction, duplicate_id: int) -> PossibleDuplicate:
    found = await possible_duplicates.find(tx, duplicate_id)
    if found is None:
        raise NoSuchPossibleDuplicate(duplicate_id=duplicate_id)
    return found
