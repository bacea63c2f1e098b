"""Matching: how many rows are told rightly, by outcome, and what 10,000 rows cost as the register grows."""

import time
from collections import Counter
from contextlib import AsyncExitStack
from itertools import islice

import asyncpg
import httpx
import orjson

from services.register.domain.person import full_name_key
from services.register.domain.verdict import timeline
from services.register.operations.public_entries import body_of
from services.register.operations.reference import load_reference
from services.register.storage.constraints import REFUSALS
from services.register.storage.tables import journal
from shared.clock import utc_now
from shared.database import Database
from shared.journal import writes_to
from shared.postgres.urls import asyncpg_dsn
from tests.bench import population
from tests.bench.databases import Databases
from tests.bench.issuer import issuer
from tests.bench.people import facts_of
from tests.bench.population import Held, Person
from tests.bench.rounds import Measure, in_turn
from tests.bench.rows import Row
from tests.bench.servers import Served, register_environment, served
from tests.bench.verification import FEW
from tests.callers import bearer

ROWS = 10_000
SEED = 20261121
AT_ONCE = 50_000


async def measure(database: Databases, *, rounds: int, many: int) -> list[Row]:
    """Measure with 10,000 people and with a million, in turn; the rows are of people from all over each."""
    said: list[Row] = []
    async with issuer() as trusted, AsyncExitStack() as stack:
        measures: dict[str, Measure] = {}
        for name, count in (("few", FEW), ("many", many)):
            urls = await database(f"match_{count}")
            held = await _settled(urls.app, urls.owner, count)
            settings = register_environment(urls.app, trusted=trusted)
            register = await stack.enter_async_context(served("services.register.app:build", settings))
            client = await stack.enter_async_context(
                httpx.AsyncClient(base_url=f"http://127.0.0.1:{register.port}", timeout=120)
            )
            body = orjson.dumps({"rows": [each.row for each in held]})
            said += _told(f"{count:,} people", held, await _ask(client, body))
            measures[f"{name} wall"] = _wall(client, body)
            measures[f"{name} cpu"] = _cpu(client, body, register)
        found = await in_turn(measures, rounds=rounds)
    return [
        *said,
        Row(f"match of {ROWS:,} rows at {FEW:,} people", f"{found['few wall']:.0f} ms"),
        Row(
            f"match of {ROWS:,} rows at {many:,} people",
            f"{found['many wall']:.0f} ms",
            f"{found['few wall']:.0f} ms at {FEW:,}",
            found["many wall"] / found["few wall"],
            "at most 2.50",
        ),
        Row(
            f"the same, service, {FEW:,} and {many:,} people",
            f"{found['few cpu']:.0f} and {found['many cpu']:.0f} µs of processor a row",
        ),
    ]


def _told(where: str, held: list[Held], items: list[dict[str, str]]) -> list[Row]:
    """Return precision and recall of each outcome: of a match, that it is the right person's number."""
    told: Counter[str] = Counter()
    for each, item in zip(held, items, strict=True):
        outcome = item["outcome"]
        known = each.truth is not None
        right = {
            "match": known and item["number"] == _number(each.truth),
            "possible": known,
            "none": not known,
        }[outcome]
        told[outcome] += 1
        told[f"{outcome} right"] += right
        told["known" if known else "strangers"] += 1
        told["enough"] += known and item["reason"] != "too-little-to-compare"
        told["too-many-tries"] += item["reason"] == "too-many-tries"
    found = told["match right"] + told["possible right"]
    return [
        Row(
            f"match, {where}, told rightly",
            f"{told['match right']:,} of {told['match']:,}",
            f"{told['known']:,} rows of people whom the register knows: recall "
            f"{told['match right'] / told['known']:.3f}, of the {told['enough']:,} with enough to compare "
            f"{told['match right'] / told['enough']:.3f}",
            told["match right"] / told["match"],
            "precision 1.00",
        ),
        Row(
            f"possible, {where}, of somebody known",
            f"{told['possible right']:,} of {told['possible']:,}",
            f"match or possible: recall {found / told['known']:.3f}, with enough to compare "
            f"{found / told['enough']:.3f}",
            told["possible right"] / told["possible"],
        ),
        Row(
            f"none, {where}, of strangers",
            f"{told['none right']:,} of {told['none']:,}; {told['too-many-tries']} not compared",
            f"{told['strangers']:,} rows of strangers: recall {told['none right'] / told['strangers']:.3f}",
            told["none right"] / told["none"],
        ),
    ]


def _number(place: int | None) -> str:
    return population.number_from((place or 0) * population.STEP % 10_000_000)


async def _settled(app_url: str, owner_url: str, count: int) -> list[Held]:
    """Make the register hold so many people, and return rows of them and of strangers.

    Public entries are written for those who may be asked about only: they are what a verdict is read from.
    """
    db = Database(app_url, before_commit=writes_to(journal), refusals=REFUSALS, pool_size=2)
    await load_reference(db, now=utc_now())
    await db.close()
    owner = await asyncpg.connect(asyncpg_dsn(owner_url))
    everybody = population.people(count, seed=SEED)
    asked: list[Person] = []
    try:
        while some := list(islice(everybody, AT_ONCE)):
            asked += some[:: max(1, count // FEW)]
            await _copy(owner, some)
        await _publish(owner, asked)
        await owner.execute("VACUUM ANALYZE people, previous_names, member_ids, public_entries")
    finally:
        await owner.close()
    return population.rows(asked, ROWS, seed=SEED)


async def _copy(owner: asyncpg.Connection, some: list[Person]) -> None:
    last = await owner.fetchval("SELECT coalesce(max(id), 0) FROM people")
    await owner.copy_records_to_table(
        "people",
        columns=["number", "given_names", "family_name", "folded_name", "date_of_birth", "created_at"],
        records=[
            (
                each.number,
                each.given,
                each.family,
                full_name_key(each.given, each.family),
                each.born if each.born_recorded else None,
                utc_now(),
            )
            for each in some
        ],
    )
    ids = dict(await owner.fetch("SELECT number, id FROM people WHERE id > $1", last))
    await owner.copy_records_to_table(
        "member_ids",
        columns=["association", "member_id", "person_id", "email"],
        records=[("ICG", f"M{each.place}", ids[each.number], each.email) for each in some],
    )
    await owner.copy_records_to_table(
        "previous_names",
        columns=["person_id", "given_names", "family_name", "folded_name"],
        records=[
            (ids[each.number], each.given, each.maiden, full_name_key(each.given, each.maiden))
            for each in some
            if each.maiden is not None and each.maiden_recorded
        ],
    )


async def _publish(owner: asyncpg.Connection, some: list[Person]) -> None:
    pattern = timeline(facts_of("CR********"))
    starts = [start for start, _ in pattern]
    bodies = [body_of(verdict) for _, verdict in pattern]
    ids = dict(
        await owner.fetch("SELECT number, id FROM people WHERE number = ANY($1)", [e.number for e in some])
    )
    await owner.copy_records_to_table(
        "public_entries",
        columns=["number", "person_id", "starts", "bodies", "version"],
        records=[
            (number, person_id, starts, [body.replace("CR********", number) for body in bodies], 1)
            for number, person_id in ids.items()
        ],
    )


async def _ask(client: httpx.AsyncClient, body: bytes) -> list[dict[str, str]]:
    headers = bearer("people:match") | {"Content-Type": "application/json"}
    answer = await client.post("/v1/matches", content=body, headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"the rows were not matched: {answer.status_code} {answer.text[:200]}")
    items: list[dict[str, str]] = orjson.loads(answer.content)["items"]
    return items


def _wall(client: httpx.AsyncClient, body: bytes) -> Measure:
    async def measured() -> float:
        started = time.perf_counter()
        await _ask(client, body)
        return (time.perf_counter() - started) * 1000

    return measured


def _cpu(client: httpx.AsyncClient, body: bytes, register: Served) -> Measure:
    async def measured() -> float:
        before = register.cpu_seconds()
        await _ask(client, body)
        return (register.cpu_seconds() - before) * 1e6 / ROWS

    return measured
