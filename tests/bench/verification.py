"""Verification by number: the whole path against the bare server, and against the database alone."""

import time
from collections.abc import Sequence

import asyncpg

from services.register.storage.public_entries import ON_DAY
from shared.clock import london_day, utc_now
from shared.postgres.roles import ServiceUrls
from shared.postgres.urls import asyncpg_dsn
from tests.bench import people
from tests.bench.databases import Databases
from tests.bench.load import load
from tests.bench.rounds import Measure, in_turn
from tests.bench.rows import Row
from tests.bench.servers import Served, register_environment, served

CONNECTIONS = 32
ASKED = 5_000
FEW = 10_000
QUERIES = 400
GATHERED = 16
PREFIX = "/v1/licences/"
PLANNED_ONCE = {"jit": "off", "plan_cache_mode": "force_generic_plan"}


def numbers_of(count: int) -> list[str]:
    """Return whom is asked for: people from all over a register of so many."""
    return [people.number_of(place * 7919 % count) for place in range(ASKED)]


async def measure(database: Databases, *, seconds: float, rounds: int, many: int) -> list[Row]:
    """Measure with 10,000 people and with a million, in turn."""
    few_urls, many_urls = [await _settled(database, count) for count in (FEW, many)]
    numbers, many_numbers = numbers_of(FEW), numbers_of(many)
    paths, many_paths = [[PREFIX + number for number in each] for each in (numbers, many_numbers)]
    connection = await asyncpg.connect(asyncpg_dsn(few_urls.app), server_settings=PLANNED_ONCE)
    async with (
        served("tests.bench.bare:app") as bare,
        served("services.register.app:build", register_environment(few_urls.app)) as register,
        served("services.register.app:build", register_environment(many_urls.app)) as grown,
    ):
        found = await in_turn(
            {
                "ceiling": _rate(bare, paths, seconds),
                "whole": _rate(register, paths, seconds),
                "ceiling cpu": _cpu(bare, paths, seconds),
                "whole cpu": _cpu(register, paths, seconds),
                "grown cpu": _cpu(grown, many_paths, seconds),
                "one": _database(connection, numbers, 1),
                "gathered": _database(connection, numbers, GATHERED),
                "p99": _slowest(register, paths, seconds),
                "ceiling p99": _slowest(bare, paths, seconds),
            },
            rounds=rounds,
        )
    await connection.close()
    growth = Row(
        f"verification at {many:,} people, processor time",
        f"{found['grown cpu']:.1f} µs",
        f"{found['whole cpu']:.1f} µs at {FEW:,}",
        found["grown cpu"] / found["whole cpu"],
        "at most 1.15",
    )
    return [*_rows(found), growth]


async def _settled(database: Databases, count: int) -> ServiceUrls:
    urls = await database(f"people_{count}")
    await people.settle(urls.owner, count)
    return urls


def _rows(found: dict[str, float]) -> list[Row]:
    return [
        Row("bare server, fixed bytes", f"{found['ceiling']:,.0f}/s", "", 1.0, "the ceiling"),
        Row(
            "verification, whole path",
            f"{found['whole']:,.0f}/s",
            f"bare server {found['ceiling']:,.0f}/s",
            found["whole"] / found["ceiling"],
            "at least 0.50",
        ),
        Row(
            "the same by processor time",
            f"{found['whole cpu']:.1f} µs",
            f"bare server {found['ceiling cpu']:.1f} µs",
            found["ceiling cpu"] / found["whole cpu"],
            "at least 0.50",
        ),
        Row(
            "verification, whole path",
            f"{found['whole']:,.0f}/s",
            f"database alone, one at a time {found['one']:,.0f}/s",
            found["whole"] / found["one"],
        ),
        Row(
            "verification, whole path",
            f"{found['whole']:,.0f}/s",
            f"database alone, sixteen at a time {found['gathered']:,.0f}/s",
            found["whole"] / found["gathered"],
        ),
        Row(
            "99 of 100 answered, one connection",
            f"{found['p99']:.2f} ms",
            f"bare server {found['ceiling p99']:.2f} ms",
            found["p99"] / found["ceiling p99"],
            "at most 1 ms",
        ),
    ]


def _rate(server: Served, paths: Sequence[str], seconds: float) -> Measure:
    async def measured() -> float:
        return (await load(server.port, paths, connections=CONNECTIONS, seconds=seconds)).per_second

    return measured


def _cpu(server: Served, paths: Sequence[str], seconds: float) -> Measure:
    """Measure microseconds of the server's processor for one request."""

    async def measured() -> float:
        before = server.cpu_seconds()
        done = await load(server.port, paths, connections=CONNECTIONS, seconds=seconds)
        used = server.cpu_seconds() - before
        return used * 1e6 / (done.per_second * done.seconds)

    return measured


def _slowest(server: Served, paths: Sequence[str], seconds: float) -> Measure:
    async def measured() -> float:
        return (await load(server.port, paths, connections=1, seconds=seconds)).p99

    return measured


def _database(connection: asyncpg.Connection, numbers: Sequence[str], at_once: int) -> Measure:
    """Measure look-ups a second by the same statement, prepared, without any service."""

    async def measured() -> float:
        prepared, day = await connection.prepare(ON_DAY), london_day(utc_now())
        started = time.perf_counter()
        for place in range(0, QUERIES * at_once, at_once):
            first = place % (len(numbers) - at_once)
            await prepared.fetch(numbers[first : first + at_once], day)
        return QUERIES * at_once / (time.perf_counter() - started)

    return measured
