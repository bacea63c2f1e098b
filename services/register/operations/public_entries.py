"""Public entries kept true: whatever changes a person's facts publishes them anew in the same transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

import orjson

from services.register.domain.facts import Facts, LeavingRule
from services.register.domain.policy import LicencePolicy, NoPolicyInForce, in_force
from services.register.domain.verdict import Verdict, timeline
from services.register.operations import names_to_search
from services.register.storage import people, policies, public_entries
from services.register.storage.integrity import person_ids
from services.register.storage.public_entries import PublicEntry
from services.register.storage.standing import GraceDays, facts_of, merges_around
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction

# Whoever joined at one level on one day reads alike but for the number; a file has many such people.
MOST_ALIKE = 4_096
AT_ONCE = 1_000
_NO_NUMBER = '{"number":""'
_BUT_NUMBER = tuple(each.name for each in fields(Facts) if each.name != "number")
_but_number = attrgetter(*_BUT_NUMBER)


async def republish(tx: Transaction, person_ids: Collection[int], *, now: datetime) -> None:
    """Bring the public entries of these people, and of whoever they are merged with, up to their facts.

    So are the names by which they are found.
    """
    if person_ids:
        facts = await facts_around(tx, person_ids, now=now)
        await public_entries.save_all(tx, computed(facts))
        await names_to_search.publish(tx, facts)


async def republish_everybody(db: Database, *, now: datetime) -> int:
    """Compute everybody's public entry anew, as after a change of its words; return for how many people."""
    done, last = 0, 0
    while True:
        async with db.transaction(Actor.system("republish")) as tx:
            ids = await person_ids(tx, after=last, limit=AT_ONCE)
            if not ids:
                return done
            groups = await people.groups_of(tx, ids)
            # Held, so that nobody's change is overtaken by what was read before it.
            await people.lock_many(tx, {each for group in groups.values() for each in group})
            await republish(tx, ids, now=now)
        done, last = done + len(ids), ids[-1]


async def facts_around(tx: Transaction, person_ids: Collection[int], *, now: datetime) -> Mapping[int, Facts]:
    """Return the facts of these people, and of whoever they are merged with, by person id."""
    merges = await merges_around(tx, person_ids)
    everyone = set(person_ids) | merges.keys() | {merge.kept_id for merge in merges.values()}
    known = await policies.licence_policies(tx)
    grace = _grace(known, london_day(now))
    return await facts_of(tx, everyone, grace_days=grace, leaving=leaving_rules(known))


def computed(facts: Mapping[int, Facts]) -> Sequence[PublicEntry]:
    """Return what the public entries of the people with these facts have to be."""
    return [_entry(person_id, facts[person_id]) for person_id in sorted(facts)]


def leaving_rules(known: Sequence[LicencePolicy]) -> tuple[LeavingRule, ...]:
    """Return for how long licences hold without any membership; nothing where every policy keeps them."""
    rules = tuple(
        LeavingRule(
            effective_from=each.effective_from,
            rests_after=None if each.renewal is None else each.renewal.rests_after,
        )
        for each in known
    )
    return rules if any(rule.rests_after is not None for rule in rules) else ()


async def grace_days(tx: Transaction, *, today: date) -> GraceDays:
    """Return what gives the days of grace after a licence: those of the policy in force when it ended."""
    return _grace(await policies.licence_policies(tx), today)


def _grace(known: Sequence[LicencePolicy], today: date) -> GraceDays:
    def days(end: date | None) -> int:
        try:
            return in_force(known, end or today).grace_days
        except NoPolicyInForce:
            return 0

    return days


def body_of(verdict: Verdict) -> str:
    """Return a verdict as the text that is stored and sent."""
    return orjson.dumps(verdict.as_public_dict()).decode()


def _entry(person_id: int, facts: Facts) -> PublicEntry:
    changes = _told(*_but_number(facts))
    start_of_body = f'{{"number":"{facts.number}"'
    return PublicEntry(
        person_id=person_id,
        number=facts.number,
        starts=tuple(start for start, _ in changes),
        bodies=tuple(start_of_body + rest for _, rest in changes),
    )


@lru_cache(maxsize=MOST_ALIKE)
def _told(*but_number: Any) -> tuple[tuple[date, str], ...]:
    """Return what is told of somebody from each day on, after the number, with which every body begins."""
    facts = Facts(number="", **dict(zip(_BUT_NUMBER, but_number, strict=True)))
    return tuple((start, body_of(verdict).removeprefix(_NO_NUMBER)) for start, verdict in timeline(facts))
