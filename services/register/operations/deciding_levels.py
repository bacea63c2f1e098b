"""The highest membership level that a person may hold, by the policy in force."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.register.domain.membership import LevelDecision, Missing, deciding_level, rank
from services.register.domain.person import parse_number
from services.register.domain.policy import EntryPolicy, MembershipLevel, in_force
from services.register.operations.verdicts import not_issued
from services.register.storage import holdings, memberships, people, policies
from services.register.storage.holdings import HeldHolding
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction

DECIDE = "register:decide"


async def read(db: Database, *, number: str, actor: Actor, now: datetime) -> LevelDecision:
    """Return the decision for a person whom the caller may see in full; anyone else is unknown."""
    canonical = parse_number(number)
    async with db.reading() as tx:
        person = await people.find_by_number(tx, canonical)
        if person is None:
            raise not_issued(canonical)
        group = (await people.groups_of(tx, [person.id]))[person.id]
        if actor.may(DECIDE):
            return (await of_people(tx, {person.id: group}, viewer=None, now=now))[person.id]
        association = actor.association
        if association is None or not await memberships.belongs(tx, group, association):
            raise not_issued(canonical)
        return (await of_people(tx, {person.id: group}, viewer=association, now=now))[person.id]


async def of_people(
    tx: Transaction, groups: Mapping[int, Sequence[int]], *, viewer: str | None, now: datetime
) -> dict[int, LevelDecision]:
    """Return the decision for each person, given with all rows of that person.

    An association that views it reads of its own holdings only what is missing.
    """
    if not groups:
        return {}
    policy = in_force(await policies.entry_policies(tx), london_day(now))
    held = await holdings.held(tx, {each for group in groups.values() for each in group})
    return {
        person: decision([each for each in held if each.person_id in group], policy=policy, viewer=viewer)
        for person, group in groups.items()
    }


def decision(held: Iterable[HeldHolding], *, policy: EntryPolicy, viewer: str | None) -> LevelDecision:
    """Return what all holdings open, and what is missing as ``viewer`` may know it."""
    given = list(held)
    decided = deciding_level([each.holding for each in given], policy=policy)
    if viewer is None:
        return decided
    own = [each.holding for each in given if each.association == viewer]
    lines = deciding_level(own, policy=policy).missing_for_next
    above = tuple(line for line in lines if line.level is not None and rank(line.level) < rank(decided.level))
    shown = decided.holding_id if any(each.holding_id == decided.holding_id for each in own) else None
    return replace(decided, holding_id=shown, missing_for_next=above)


def missing_for(decided: LevelDecision, level: MembershipLevel) -> tuple[Missing, ...]:
    """Return what is missing for a level, nothing where it may be held."""
    if rank(decided.level) <= rank(level):
        return ()
    return tuple(line for line in decided.missing_for_next if line.level is level)
