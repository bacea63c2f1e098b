"""Following the register: each line of its journal applied exactly once, beside whatever the service does."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from services.cpd.domain import register_line
from services.cpd.domain.register_line import (
    DeathUndoneTold,
    ErasureTold,
    MembershipTold,
    MergeTold,
    MoveTold,
    PartingTold,
)
from services.cpd.storage import erasures, followed, groups, members
from shared.actor import Actor
from shared.clock import Clock
from shared.database import Database, Transaction
from shared.following import NeighbourJournal, Then
from shared.following import following as beside
from shared.journal import Line, Record

FOLLOWER = Actor.system("follower")


@asynccontextmanager
async def following(
    db: Database, register: NeighbourJournal, *, clock: Clock, caught_up: Then
) -> AsyncIterator[None]:
    """Follow the register beside whatever the block does, until it ends."""

    async def once(wait: float) -> int:
        return await follow_once(db, register, now=clock(), wait=wait)

    async with beside(once, caught_up=caught_up):
        yield


async def follow_once(db: Database, register: NeighbourJournal, *, now: datetime, wait: float = 0.0) -> int:
    """Apply the register's next lines and return how many that were."""

    async def fetch(position: int) -> Sequence[Line]:
        return await register.lines_after(position, wait=wait, now=now)

    return await followed.follow_register(db, fetch=fetch, apply=apply)


async def rebuild(db: Database, register: NeighbourJournal, *, clock: Clock) -> int:
    """Make everything that was told by the register again from its first line, and return how many lines.

    Readers see the old state until the new one is complete.
    """
    lines: list[Line] = []
    while more := await register.lines_after(lines[-1].position if lines else 0, wait=0, now=clock()):
        lines += more
    async with db.transaction(FOLLOWER) as tx:
        await members.hold_position(tx, lines[-1].position if lines else 0)
        await members.forget_everything(tx)
        for line in lines:
            await apply(tx, line)
    return len(lines)


async def apply(tx: Transaction, line: Line) -> None:
    """Write what one line tells; what CPD need not know is passed over."""
    told = register_line.read(line.event, line.facts)
    match told:
        case MembershipTold():
            group = (await groups.of_numbers(tx, [line.subject]))[line.subject]
            numbers = [line.subject, *(each for each in group.numbers if each != line.subject)]
            held = await members.open_memberships(tx, numbers, told.membership.association)
            place = register_line.replaced(told, [each.membership for each in held])
            await members.tell_membership(tx, line, told, replaces=None if place is None else held[place])
        case MoveTold():
            await members.tell_move(tx, line, told)
        case DeathUndoneTold():
            group = (await groups.of_numbers(tx, [line.subject]))[line.subject]
            await members.tell_death_undone(tx, line, group.numbers)
        case MergeTold():
            await members.tell_merge(tx, line, told.kept_number)
        case ErasureTold():
            group = (await groups.of_numbers(tx, [line.subject]))[line.subject]
            record = Record(actor=FOLLOWER, at=line.at, event="log.erased", subject=line.subject, facts={})
            await erasures.erase(tx, group.numbers, record=record)
        case PartingTold():
            await members.tell_parting(tx, line, told.kept_number)
