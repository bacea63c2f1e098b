"""Everybody compared with everybody, for a registrar to decide who is one person; nobody is joined."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.register.domain.matching.policy import MatchPolicy
from services.register.domain.matching.resemblance import Traits, resemblance
from services.register.operations.matching.matches import policy_in_force
from services.register.storage import member_likenesses, people
from services.register.storage.matching import resembling
from services.register.storage.member_likenesses import Likeness
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.journal import Record

FINDING = Actor.system("find-duplicates")
BATCH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far the search has come: go on after ``last``; None where everybody was looked at."""

    looked_at: int
    found: int
    last: int | None


async def find_duplicates(
    db: Database,
    *,
    now: datetime,
    after: int = 0,
    batch: int = BATCH,
    told: Callable[[int], None] = lambda _: None,
) -> Progress:
    """Note every pair of people who may be one and were never noted, each batch in a step of its own.

    Stopped anywhere, it goes on ``after`` the last id looked at, which ``told`` hears after each batch;
    begun anew, it notes nothing twice.
    """
    looked_at = found = 0
    while True:
        step = await _find_some(db, now=now, after=after, batch=batch)
        looked_at, found = looked_at + step.looked_at, found + step.found
        if step.last is None:
            return Progress(looked_at=looked_at, found=found, last=None)
        after = step.last
        told(after)


async def _find_some(db: Database, *, now: datetime, after: int, batch: int) -> Progress:
    """Look at the people who follow an id, and note with whom of those before them they may be one."""
    async with db.transaction(FINDING) as tx:
        policy = await policy_in_force(tx, day=london_day(now))
        ids = await resembling.next_ids(tx, after=after, limit=batch)
        if not ids:
            return Progress(looked_at=0, found=0, last=None)
        likenesses = await _likenesses(tx, ids, policy)
        await member_likenesses.note(
            tx,
            likenesses,
            at=now,
            record=lambda subject, reason: Record(
                actor=FINDING, at=now, event="duplicate.found", subject=subject, facts={"reason": reason}
            ),
        )
    return Progress(looked_at=len(ids), found=len(likenesses), last=ids[-1])


async def _likenesses(tx: Transaction, ids: Sequence[int], policy: MatchPolicy) -> list[Likeness]:
    """Return who may be one person with whom, but for those of whom somebody was asked before."""
    traits = await resembling.traits_of(tx, ids)
    pairs = await resembling.pairs_of(tx, list(traits.values()), most=policy.most_candidates)
    traits |= await resembling.traits_of(tx, {other for _, other in pairs} - traits.keys())
    groups = await people.groups_of(tx, traits)
    rows = {row for group in groups.values() for row in group}
    kept = {row: group[0] for group in groups.values() for row in group}
    asked = {
        frozenset(kept.get(each, each) for each in pair) for pair in await resembling.noted_pairs(tx, rows)
    }
    found: dict[frozenset[int], Likeness] = {}
    for one, other in sorted(pairs):
        pair = frozenset((kept[one], kept[other]))
        likeness = _likeness(traits, one, other, kept, policy)
        if len(pair) == 2 and pair not in asked and likeness is not None:
            found.setdefault(pair, likeness)
    return list(found.values())


def _likeness(
    traits: Mapping[int, Traits], one: int, other: int, kept: Mapping[int, int], policy: MatchPolicy
) -> Likeness | None:
    """Return that two people may be one, under the numbers that are kept for them."""
    reason = resemblance(traits[one], traits[other], near_from=policy.near_from_letters)
    if reason is None:
        return None
    return Likeness(person_id=kept[one], other_id=kept[other], reason=reason)
