"""Search of the register by name and by filter, against the look-up of one key in the same database."""

import time
from collections.abc import Sequence

import asyncpg

from services.register.domain.finding.words import facet, keys_of, sort_key, typed
from services.register.domain.person import Name
from services.register.storage.finding import search_names
from services.register.storage.public_entries import ON_DAY
from shared.clock import london_day, utc_now
from shared.postgres.urls import asyncpg_dsn
from tests.bench import people
from tests.bench.databases import Databases
from tests.bench.rounds import Measure, in_turn
from tests.bench.rows import Row

FEW = 10_000
ASKED = 200
PAGE = 51
# One in fifty people is a Jones, and one in twenty is Welsh by their home country.
COMMON, COMMON_EVERY, WALES_EVERY = "Jones", 50, 20
SYLLABLES = ("an", "bel", "cor", "den", "el", "fen", "gar", "hol", "is", "jor", "ken", "lor", "mar", "nel",
             "or", "pem", "quin", "ros", "sel", "tor")  # fmt: skip
GIVEN = (
    "Siân",
    "Rhys",
    "Aoife",
    "Ewan",
    "Mary",
    "John",
    "Priya",
    "Ahmed",
    "Grace",
    "Owen",
    "Niamh",
    "Callum",
)
PLANNED_ONCE = {"jit": "off", "plan_cache_mode": "force_generic_plan"}


def name_of(place: int) -> Name:
    """Return the name of the person at a place: some common, most shared by a handful of others."""
    given = GIVEN[place % len(GIVEN)]
    if place % COMMON_EVERY == 0:
        return Name(given_names=given, family_name=COMMON)
    rest, parts = place * 7919 % 160_000, []
    for _ in range(4):
        rest, syllable = divmod(rest, len(SYLLABLES))
        parts.append(SYLLABLES[syllable])
    return Name(given_names=given, family_name="".join(parts).title())


async def measure(database: Databases, *, rounds: int, many: int) -> list[Row]:
    """Measure with 10,000 people and with a million; of each kind 99 of 100 searches, in milliseconds."""
    rows: list[Row] = []
    for count in (FEW, many):
        urls = await database(f"people_{count}")
        await people.settle(urls.owner, count)
        await _settle(urls.owner, count)
        connection = await asyncpg.connect(asyncpg_dsn(urls.app), server_settings=PLANNED_ONCE)
        found = await in_turn(_measures(connection, count), rounds=rounds)
        await connection.close()
        key = found.pop("key")
        rows += [
            Row(
                f"search at {count:,} people, {what}, 99 of 100 within",
                f"{slowest:.2f} ms",
                f"key look-up {key:.2f} ms",
                slowest / key,
                "at most 10",
            )
            for what, slowest in found.items()
        ]
    return rows


def _measures(connection: asyncpg.Connection, count: int) -> dict[str, Measure]:
    names = [name_of(place * 7919 % count) for place in range(1, ASKED * 2, 2)]
    rare = [f"{name.given_names} {name.family_name}" for name in names if name.family_name != COMMON]
    slips = [text[:-2] + text[-1] + text[-2] for text in rare]
    return {
        "key": _keys(connection, count),
        "rare name": _named(connection, rare),
        "common name": _named(connection, [COMMON]),
        "common name and given name": _named(connection, [f"{given} {COMMON}" for given in GIVEN]),
        "a slip": _named(connection, slips),
        "filter only": _filtered(connection, facet("home_country", "wales")),
        "rare filter only": _filtered(connection, facet("languages", "gd")),
    }


def _keys(connection: asyncpg.Connection, count: int) -> Measure:
    numbers = [people.number_of(place * 7919 % count) for place in range(ASKED)]

    async def measured() -> float:
        prepared, day = await connection.prepare(ON_DAY), london_day(utc_now())
        return await _slowest(prepared, [([number], day) for number in numbers])

    return measured


def _named(connection: asyncpg.Connection, texts: Sequence[str]) -> Measure:
    async def measured() -> float:
        asked = [search_names.arguments(typed(text), limit=PAGE, day=london_day(utc_now())) for text in texts]
        words = {len(typed(text)) for text in texts}
        prepared = await connection.prepare(search_names.statement(words.pop(), narrowed=False))
        return await _slowest(prepared, asked)

    return measured


def _filtered(connection: asyncpg.Connection, key: str) -> Measure:
    async def measured() -> float:
        count = await connection.prepare(search_names.COUNT)
        few, many = [
            await connection.prepare(text) for text in (search_names.LIST_FEW, search_names.LIST_MANY)
        ]
        times = []
        for place in range(ASKED):
            started = time.perf_counter()
            met = await count.fetchval([key], search_names.FEW)
            chosen = many if met == search_names.FEW else few
            await chosen.fetch([key], people.number_of(place), PAGE, None, london_day(utc_now()))
            times.append(time.perf_counter() - started)
        return _nearly_all(times)

    return measured


async def _slowest(
    prepared: asyncpg.prepared_stmt.PreparedStatement, asked: Sequence[Sequence[object]]
) -> float:
    times = []
    for place in range(ASKED):
        started = time.perf_counter()
        await prepared.fetch(*asked[place % len(asked)])
        times.append(time.perf_counter() - started)
    return _nearly_all(times)


def _nearly_all(times: list[float]) -> float:
    times.sort()
    return times[len(times) * 99 // 100] * 1000


async def _settle(owner_url: str, count: int) -> None:
    """Write the names of so many people as the projection has them; the index is made at the end."""
    db = await asyncpg.connect(asyncpg_dsn(owner_url))
    try:
        if await db.fetchval("SELECT count(*) FROM search_names") == count:
            return
        await db.execute("DROP INDEX search_names_keys; SET maintenance_work_mem = '512MB'")
        for begin in range(0, count, 20_000):
            ids = await db.fetch("SELECT id, number FROM people ORDER BY id LIMIT 20000 OFFSET $1", begin)
            await db.copy_records_to_table(
                "search_names",
                columns=["person_id", "place", "number", "sort", "keys"],
                records=[_record(place, *row) for place, row in enumerate(ids, begin)],
            )
        await db.execute("CREATE INDEX search_names_keys ON search_names USING gin (keys)")
        await db.execute("VACUUM ANALYZE search_names")
    finally:
        await db.close()


def _record(place: int, person_id: int, number: str) -> tuple[object, ...]:
    name = name_of(place)
    country = "wales" if place % WALES_EVERY == 0 else "england"
    facets = [facet("home_country", country), *([facet("languages", "gd")] if place % 1000 == 1 else [])]
    return person_id, 0, number, sort_key(name), sorted({*keys_of(name), *facets})
