"""``python -m tests.bench``: measure, print the table, and keep it in docs/performance.md when asked to."""

import argparse
import asyncio
import os
import platform
import sys
from collections.abc import Awaitable, Callable, Sequence

from shared.clock import london_day, utc_now
from tests.bench import batch, draw, imports, match, schools, search, verification
from tests.bench.databases import Databases, databases, server
from tests.bench.load import LOAD_CORE, WRK, pin
from tests.bench.rows import Row, keep, table

Measurement = Callable[[Databases, argparse.Namespace], Awaitable[Sequence[Row]]]


async def _verification(database: Databases, chosen: argparse.Namespace) -> Sequence[Row]:
    return await verification.measure(
        database, seconds=chosen.seconds, rounds=chosen.rounds, many=chosen.people
    )


async def _batch(database: Databases, chosen: argparse.Namespace) -> Sequence[Row]:
    return await batch.measure(database, rounds=chosen.rounds, many=chosen.people)


async def _match(database: Databases, chosen: argparse.Namespace) -> Sequence[Row]:
    return await match.measure(database, rounds=chosen.rounds, many=chosen.people)


async def _search(database: Databases, chosen: argparse.Namespace) -> Sequence[Row]:
    return await search.measure(database, rounds=chosen.rounds, many=chosen.people)


async def _imports(database: Databases, _: argparse.Namespace) -> Sequence[Row]:
    urls = await database("imports")
    return await imports.measure(urls.app, urls.owner)


async def _draw(database: Databases, chosen: argparse.Namespace) -> Sequence[Row]:
    return await draw.measure(database, many=chosen.people)


async def _schools(database: Databases, chosen: argparse.Namespace) -> Sequence[Row]:
    return await schools.measure(database, rounds=chosen.rounds)


MEASUREMENTS: dict[str, Measurement] = {
    "verification": _verification,
    "batch": _batch,
    "match": _match,
    "imports": _imports,
    "search": _search,
    "draw": _draw,
    "schools": _schools,
}


def main() -> None:
    """Measure what was named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"any of {', '.join(MEASUREMENTS)}; or all")
    parser.add_argument("--seconds", type=float, default=3, help="how long each load lasts")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured, in turn")
    parser.add_argument("--people", type=int, default=1_000_000, help="how many people are many")
    parser.add_argument("--keep", action="store_true", help="write the table to docs/performance.md")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - MEASUREMENTS.keys():
        parser.error(f"there is no measurement {', '.join(sorted(unknown))}")
    busy = os.getloadavg()[0]
    with server() as admin_url:
        # PostgreSQL, started before, may use every core.
        pin(LOAD_CORE)
        text = table(asyncio.run(_measured(admin_url, chosen)))
    print(text)  # noqa: T201
    if chosen.keep:
        command = " ".join(["python -m tests.bench", *sys.argv[1:]])
        keep(f"{text}\n\n`{command}` on {london_day(utc_now())}: {_machine(busy)}.")


async def _measured(admin_url: str, chosen: argparse.Namespace) -> list[Row]:
    rows: list[Row] = []
    async with databases(admin_url) as database:
        for name in chosen.names or MEASUREMENTS:
            rows += await MEASUREMENTS[name](database, chosen)
    return rows


def _machine(busy: float) -> str:
    """Say what it was measured on, and how busy with other things that was before."""
    client = "wrk" if WRK else "our own client"
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, load by {client}, "
        f"load average before the start {busy:.1f}"
    )


if __name__ == "__main__":
    main()
