"""Attempts to make somebody who has a number one's own member, counted so that nobody searches by them."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from services.register.domain.person import MalformedNumber, parse_number
from services.register.domain.rights.joining import Attempts, counters
from services.register.operations.rights import policies
from services.register.storage import people
from services.register.storage.rights import join_attempts
from shared.actor import Actor
from shared.clock import day_bounds, london_day
from shared.database import Database, Transaction
from shared.journal import Record


@asynccontextmanager
async def reserved(
    db: Database, association: str, given: Mapping[str, str | None], *, actor: Actor, now: datetime
) -> AsyncIterator[Attempts | None]:
    """Count the attempts of a request that may be rolled back, before it and whatever becomes of it.

    ``given`` are the numbers by member id; a member who is known already tries nothing. What was not
    refused in the end is given back afterwards, what was has its journal line.
    """
    numbers = {member_id: number for member_id, number in given.items() if number is not None}
    if not numbers:
        yield None
        return
    async with db.transaction(actor) as tx:
        known = await people.ids_of_members(tx, association, numbers)
        tried = _canonical(number for member_id, number in numbers.items() if member_id not in known)
        attempts = await held(tx, association, tried, now=now)
        attempts.reserve(tried)
        await join_attempts.count(tx, attempts.left_over(), day=london_day(now))
    try:
        yield attempts
    finally:
        if tried:
            await _settle(db, attempts, actor=actor, now=now)


async def held(tx: Transaction, association: str, numbers: Iterable[str], *, now: datetime) -> Attempts:
    """Return the attempts of a transaction that commits what it refuses; others wait for it meanwhile."""
    day = london_day(now)
    tried = {counter for number in _canonical(numbers) for counter in counters(association, number)}
    return Attempts(
        association=association,
        policy=await policies.joining(tx, day),
        seconds=_seconds_left(now),
        made=await join_attempts.hold(tx, tried, day=day),
    )


async def keep(tx: Transaction, attempts: Attempts, *, actor: Actor, now: datetime) -> None:
    """Write down what was refused, each with its line, in the transaction that holds the counts."""
    await join_attempts.count(tx, attempts.counts(attempts.refused), day=london_day(now))
    _record(tx, attempts, actor=actor, now=now)


async def _settle(db: Database, attempts: Attempts, *, actor: Actor, now: datetime) -> None:
    async with db.transaction(actor) as tx:
        back = {counter: -count for counter, count in attempts.left_over().items()}
        await join_attempts.hold(tx, back, day=london_day(now))
        await join_attempts.count(tx, back, day=london_day(now))
        _record(tx, attempts, actor=actor, now=now)


def _record(tx: Transaction, attempts: Attempts, *, actor: Actor, now: datetime) -> None:
    facts = {"association": attempts.association}
    for number in attempts.refused:
        tx.record(Record(actor=actor, at=now, event="member.join-refused", subject=number, facts=facts))


def _canonical(numbers: Iterable[str]) -> list[str]:
    """Return the numbers that are numbers; the others are refused when they are read."""
    read = []
    for number in numbers:
        try:
            read.append(parse_number(number))
        except MalformedNumber:
            continue
    return read


def _seconds_left(now: datetime) -> int:
    """Return the seconds until the day ends in London, when the counts begin anew."""
    _, tomorrow = day_bounds(london_day(now))
    return max(1, int((tomorrow - now).total_seconds()))
