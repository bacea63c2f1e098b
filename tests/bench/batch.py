"""The batch of verifications: what one record costs, and how that grows with the register."""

import time
from contextlib import AsyncExitStack

import httpx
import orjson

from tests.bench import people
from tests.bench.databases import Databases
from tests.bench.issuer import issuer
from tests.bench.rounds import Measure, in_turn
from tests.bench.rows import Row
from tests.bench.servers import Served, register_environment, served
from tests.bench.verification import FEW
from tests.callers import bearer

ROWS = 10_000
BATCHES = 10


async def measure(database: Databases, *, rounds: int, many: int) -> list[Row]:
    """Measure with 10,000 people and with a million, in turn."""
    async with issuer() as trusted, AsyncExitStack() as stack:
        measures: dict[str, Measure] = {}
        for name, count in (("few", FEW), ("many", many)):
            urls = await database(f"people_{count}")
            await people.settle(urls.owner, count)
            settings = register_environment(urls.app, trusted=trusted)
            register = await stack.enter_async_context(served("services.register.app:build", settings))
            client = await stack.enter_async_context(
                httpx.AsyncClient(base_url=f"http://127.0.0.1:{register.port}", timeout=60)
            )
            body = _body(count)
            measures[f"{name} wall"] = _wall(client, body)
            measures[f"{name} cpu"] = _cpu(client, body, register)
        found = await in_turn(measures, rounds=rounds)
    return [
        Row(
            f"batch of {ROWS:,}, service",
            f"{found['few cpu']:.2f} µs of processor a record",
            "a target in absolute time",
            found["few cpu"] / 2,
            "at most 2 µs, so 1.00",
        ),
        Row(f"batch of {ROWS:,}, over HTTP", f"{found['few wall']:.0f} ms", "", None, ""),
        Row(
            f"batch at {many:,} people",
            f"{found['many wall']:.0f} ms",
            f"{found['few wall']:.0f} ms at {FEW:,}",
            found["many wall"] / found["few wall"],
            "at most 2.50",
        ),
    ]


def _body(count: int) -> bytes:
    """Return a batch that asks for people from all over a register of so many."""
    return orjson.dumps(
        {
            "rows": [
                {"reference": f"r{place}", "number": people.number_of(place * 7919 % count)}
                for place in range(ROWS)
            ]
        }
    )


async def _ask(client: httpx.AsyncClient, body: bytes) -> None:
    headers = bearer("people:match") | {"Content-Type": "application/json"}
    answer = await client.post("/v1/verifications", content=body, headers=headers)
    if answer.status_code != 200 or answer.content.count(b'"verdict":"licensed"') != ROWS:
        raise RuntimeError(f"the batch was not answered: {answer.status_code} {answer.text[:200]}")


def _wall(client: httpx.AsyncClient, body: bytes) -> Measure:
    async def measured() -> float:
        started = time.perf_counter()
        await _ask(client, body)
        return (time.perf_counter() - started) * 1000

    return measured


def _cpu(client: httpx.AsyncClient, body: bytes, register: Served) -> Measure:
    async def measured() -> float:
        before = register.cpu_seconds()
        for _ in range(BATCHES):
            await _ask(client, body)
        return (register.cpu_seconds() - before) * 1e6 / (BATCHES * ROWS)

    return measured
