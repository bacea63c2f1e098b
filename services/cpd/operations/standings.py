"""Where people stand with CPD: the facts loaded for one or for many, and one pure function asked."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum

from services.cpd.domain.access import NoSuchMember, own_association
from services.cpd.domain.number import parse_number
from services.cpd.domain.policy import Policy, themes_of
from services.cpd.domain.standing import Facts, Standing, standing
from services.cpd.storage import entries, groups, members, obligations, policies
from services.cpd.storage.audit import cases
from services.cpd.storage.groups import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Refusal
from shared.paging import Page, page_of, place_of

# The year asked about, the one before it, and the one from which hours are carried into that.
LOOK_BACK = timedelta(days=3 * 366)
AT_ONCE = 100


class View(IntEnum):
    """How much a caller sees: the word, the hours it rests on, or every entry too."""

    WORD = 1
    ACCOUNT = 2
    ENTRIES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenStanding:
    """Where somebody stands; ``own`` is the association whose entries may be shown, None for every one."""

    number: str
    standing: Standing
    valid_at: date
    known_at: datetime
    register_position: int
    view: View
    own: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Axes:
    """The day asked about, and the instant of whose knowledge the answer is made; None is now."""

    valid_at: date | None = None
    known_at: datetime | None = None

    def settled(self, now: datetime) -> tuple[date, datetime]:
        """Return both; nobody knows the future."""
        known_at = min(self.known_at or now, now)
        return self.valid_at or london_day(known_at), known_at


async def get(db: Database, *, number: str, axes: Axes, actor: Actor, now: datetime) -> SeenStanding:
    """Return where a person stands; raises NoSuchMember where the caller may know of nobody."""
    canonical = parse_number(number)
    async with db.reading() as tx:
        found = await _many(tx, [canonical], axes, actor=actor, now=now)
    if canonical not in found:
        raise NoSuchMember
    return found[canonical]


async def batch(
    db: Database, *, numbers: Sequence[str], axes: Axes, actor: Actor, now: datetime
) -> list[SeenStanding | Refusal]:
    """Return one outcome for each number asked, in order; an unknown number is a refusal of its own."""
    parsed = [_parsed(number) for number in numbers]
    canonical = list(dict.fromkeys(each for each in parsed if isinstance(each, str)))
    found: dict[str, SeenStanding] = {}
    async with db.reading() as tx:
        for start in range(0, len(canonical), AT_ONCE):
            found |= await _many(tx, canonical[start : start + AT_ONCE], axes, actor=actor, now=now)
            await asyncio.sleep(0)  # others are answered in between
    return [
        each if isinstance(each, Refusal) else found[each] if each in found else NoSuchMember()
        for each in parsed
    ]


async def page(
    db: Database, *, axes: Axes, actor: Actor, after: str | None, limit: int, now: datetime
) -> Page[SeenStanding]:
    """Return where the members of the caller's own association stand, by number."""
    association = own_association(actor)
    (last,) = place_of(after, str) or ("",)
    async with db.reading() as tx:
        numbers = await members.page(tx, association, after=last, limit=limit + 1)
        found = await _many(tx, numbers, axes, actor=actor, now=now)
    shown = page_of(numbers, limit=limit, place=lambda number: (number,))
    return Page([found[number] for number in shown.items if number in found], shown.next)


async def facts_of(
    tx: Transaction,
    found: Mapping[str, Group],
    published: Sequence[Policy],
    *,
    day: date,
    known_at: datetime | None,
) -> dict[str, Facts]:
    """Return by number what policies look at of a person, the records of merged numbers included."""
    everybody = {number for group in found.values() for number in group.numbers}
    told = await members.memberships_of(tx, everybody, known_at=known_at)
    moves = await members.moves_of(tx, everybody, known_at=known_at)
    paused = await obligations.pauses_of(tx, everybody, known_at=known_at)
    done = await entries.activities_of(
        tx, everybody, since=day - LOOK_BACK, themes=themes_of(published), known_at=known_at
    )
    declared = await obligations.returns_of(tx, everybody, known_at=known_at)
    audited = await cases.audited_of(tx, everybody, day=day, known_at=known_at)
    return {
        asked: Facts(
            memberships=[each for number in group.numbers for each in told.get(number, ())],
            moves=[each for number in group.numbers for each in moves.get(number, ())],
            pauses=[each for number in group.numbers for each in paused.get(number, ())],
            activities=[each for number in group.numbers for each in done.get(number, ())],
            returns=[each for number in group.numbers for each in declared.get(number, ())],
            audits=[each for number in group.numbers for each in audited.get(number, ())],
        )
        for asked, group in found.items()
    }


async def _many(
    tx: Transaction, numbers: Sequence[str], axes: Axes, *, actor: Actor, now: datetime
) -> dict[str, SeenStanding]:
    """Return the standings of those whom the caller may know of, by a fixed number of queries."""
    day, known_at = axes.settled(now)
    as_of = None if axes.known_at is None else known_at
    found = await groups.of_numbers(tx, numbers, known_at=as_of)
    published = await policies.every(tx)
    facts = await facts_of(tx, found, published, day=day, known_at=as_of)
    position = await members.position(tx)
    view, own = view_of(actor)
    return {
        asked: SeenStanding(
            number=found[asked].kept,
            standing=standing(seen, published, day=day),
            valid_at=day,
            known_at=known_at,
            register_position=position,
            view=view,
            own=own,
        )
        for asked, known in facts.items()
        if (seen := seen_by(known, own)).memberships
    }


def view_of(actor: Actor) -> tuple[View, str | None]:
    """Return how much the caller sees, and the one association that it is confined to."""
    if actor.may("register:decide") or actor.may("cpd:audit"):
        return View.ENTRIES, None
    if actor.may("internal"):
        return View.ACCOUNT, None
    if actor.may("people:read"):
        return View.WORD, None
    return View.ENTRIES, own_association(actor)


def seen_by(facts: Facts, association: str | None) -> Facts:
    """Leave out what other associations tell of memberships: what they know of a person stays with them."""
    if association is None:
        return facts
    return replace(facts, memberships=[each for each in facts.memberships if each.association == association])


def _parsed(number: str) -> str | Refusal:
    try:
        return parse_number(number)
    except Refusal as refusal:
        return refusal
