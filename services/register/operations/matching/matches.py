"""Rows that a caller holds matched with the people of the register: which of them is whom, and why."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import orjson

from services.register.domain.matching.names import name_key_of
from services.register.domain.matching.policy import MatchPolicy
from services.register.domain.matching.scoring import Asked, Judged, MatchOutcome, judge
from services.register.domain.matching.tries import Tries
from services.register.domain.person import MalformedNumber, parse_number
from services.register.domain.policy import in_force
from services.register.operations import verdicts
from services.register.operations.verdicts import Axes
from services.register.operations.verifications import MOST_ROWS, TooManyDatesOfBirth, TooManyRows
from services.register.storage import policies
from services.register.storage.matching import candidates
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction

MATCH = "people:match"


@dataclass(frozen=True, kw_only=True, slots=True)
class SentRow:
    """A row as the caller holds it: whatever of this is known there, under the caller's own references."""

    reference: str | None = None
    touchpoint_reference: str | None = None
    number: str | None = None
    given_names: str | None = None
    family_name: str | None = None
    date_of_birth: date | None = None
    email: str | None = None
    association: str | None = None
    member_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MatchedRow:
    """What is said of a row; number and verdict only where it is a match."""

    row: SentRow
    judged: Judged
    number: str | None
    verdict: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Matches:
    """What is said of every row, in order, by which policy, and the state that it is said of."""

    rows: Sequence[MatchedRow]
    policy_version: str
    axes: Axes
    head: int


async def match(db: Database, rows: Sequence[SentRow], *, actor: Actor, now: datetime) -> Matches:
    """Return what is said of each row; a fixed number of queries, however many rows there are.

    Raises TooManyRows, and TooManyDatesOfBirth where more dates are tried for a number than confirm one.
    """
    actor.require(MATCH)
    if len(rows) > MOST_ROWS:
        raise TooManyRows(most=f"{MOST_ROWS:,}")
    async with db.reading() as tx:
        policy = await policy_in_force(tx, day=london_day(now))
        judged = await judge_all(tx, rows, policy)
    numbers = sorted({each.person.number for each in judged if _is_match(each) and each.person})
    found = await verdicts.bodies_today(db, numbers, now=now)
    said = {number: orjson.loads(body)["verdict"] for number, body in found.by_number.items()}
    matched = []
    for row, each in zip(rows, judged, strict=True):
        number = each.person.number if _is_match(each) and each.person else None
        matched.append(MatchedRow(row=row, judged=each, number=number, verdict=said.get(number or "")))
    return Matches(rows=matched, policy_version=policy.version, axes=found.axes, head=found.head)


async def policy_in_force(tx: Transaction, *, day: date) -> MatchPolicy:
    """Return the match policy of the day; raises NoPolicyInForce."""
    return in_force(await policies.match_policies(tx), day)


async def judge_all(tx: Transaction, rows: Sequence[SentRow], policy: MatchPolicy) -> list[Judged]:
    """Return what is judged of each row, whose person only we may look at; raises TooManyDatesOfBirth."""
    asked = await asyncio.to_thread(lambda: [as_asked(row) for row in rows])
    tries = await asyncio.to_thread(Tries, asked, policy)
    if tries.most_beside_a_number() > policy.tries_per_identifier:
        raise TooManyDatesOfBirth(most=policy.tries_per_identifier)
    known = await candidates.find(tx, asked, most=policy.most_candidates)

    def judged() -> list[Judged]:
        pairs = zip(asked, known, strict=True)
        return [tries.allowed(each, judge(each, people, policy)) for each, people in pairs]

    return await asyncio.to_thread(judged)


def as_asked(row: SentRow) -> Asked:
    """Return a row as it is compared: folded, the number canonical, a member id with its association."""
    return Asked(
        number=_canonical(row.number),
        number_given=bool(row.number and row.number.strip()),
        name=name_key_of(row.given_names, row.family_name),
        date_of_birth=row.date_of_birth,
        email=(row.email or "").strip().lower() or None,
        association=row.association if row.member_id else None,
        member_id=row.member_id if row.association else None,
    )


def _canonical(number: str | None) -> str | None:
    try:
        return None if number is None else parse_number(number)
    except MalformedNumber:
        return None


def _is_match(judged: Judged) -> bool:
    return judged.outcome is MatchOutcome.MATCH
