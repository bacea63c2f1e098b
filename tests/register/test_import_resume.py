"""An import that is stopped anywhere, and resumed, ends as one that was never stopped (I12)."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import asyncpg
import httpx
import pytest

from services.register.app import create_app
from services.register.operations import imports
from services.register.operations.import_runs import run_next, work
from services.register.operations.reference import load_reference
from services.register.settings import Settings
from services.register.storage.constraints import REFUSALS
from services.register.storage.tables import journal as journal_lines
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.journal import writes_to
from shared.postgres.roles import ServiceUrls
from shared.postgres.urls import asyncpg_dsn
from shared.schema_version import ROOT
from tests.callers import TRUSTED, association, issuer_transport
from tests.conftest import Clone
from tests.register.conftest import Register, TestClock
from tests.register.member_files import csv_file, imported, outcomes, row, send, work_off

STATE = """
SELECT m.association, m.member_id, p.given_names, p.family_name, p.date_of_birth, m.email,
    s.level, s.valid::text AS valid, upper_inf(s.known) AS open,
    (SELECT count(*) FROM previous_names n WHERE n.person_id = p.id) AS names,
    (SELECT count(*) FROM possible_duplicates d
     WHERE p.id IN (d.first_person_id, d.second_person_id)) AS alike,
    (SELECT cardinality(e.starts) FROM public_entries e WHERE e.person_id = p.id) AS entries
FROM member_ids m JOIN people p ON p.id = m.person_id
JOIN memberships s ON s.person_id = p.id ORDER BY m.association, m.member_id, s.valid, s.known
"""
LINES = """
SELECT event, facts, count(*) AS n FROM (
    SELECT j.event, j.facts::text AS facts, coalesce(m.member_id, '') AS member FROM journal j
    LEFT JOIN people p ON p.number = j.subject LEFT JOIN member_ids m ON m.person_id = p.id
    WHERE j.event NOT LIKE 'reference.%' AND j.event NOT LIKE 'policy.%') AS told
GROUP BY event, facts, member ORDER BY event, facts, member
"""


class Stopped(Exception):
    """What the test throws in the way."""


def files() -> tuple[bytes, bytes]:
    """Return a first file, and a second that changes some, adds some and has rows that fail."""
    first = [row(each) for each in range(1, 13)]
    second = [row(each, Grade="Affiliate") if each % 4 == 0 else row(each) for each in range(1, 13)]
    second += [row(each) for each in range(13, 22)]
    second[4] = row(5, Surname="Renamed")
    second[15] = row(16, DOB="31/02/1980")
    second[18] = row(19, Forename="Givenb", Surname="Familyb", DOB=row(1)[3])
    return csv_file(*first), csv_file(*second)


async def told(register: Register, made: dict[str, Any]) -> tuple[Any, ...]:
    """Return everything that may not depend on where an import was stopped."""
    state = [tuple(each) for each in await register.db.fetch(STATE)]
    lines = [tuple(each) for each in await register.db.fetch(LINES)]
    rows = [await outcomes(register, made, which) for which in ("successful", "failed", "unprocessed")]
    for line in (each for part in rows for each in part):
        line["Import number"] = str(bool(line["Import number"]))
    return state, lines, rows, made["totals"], made["state"]


@pytest.fixture(scope="module", autouse=True)
def small_chunks() -> Iterator[None]:
    """Chunks of four rows, so that there are several boundaries."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imports, "ROWS_PER_CHUNK", 4)
        yield


@pytest.fixture(scope="module")
def second_urls(clone: Clone) -> Iterator[ServiceUrls]:
    """A second database beside the test's own."""
    with clone("register") as urls:
        yield urls


@pytest.fixture(scope="module")
async def unbroken(second_urls: ServiceUrls) -> tuple[Any, ...]:
    """What the two files come to when nothing stops them."""
    clock = TestClock()
    settings = Settings(
        database_url=second_urls.app,
        environment="development",
        trusted_issuers=[TRUSTED],
        errors_url="https://errors.test",
        token_url="https://issuer.test/oauth/token",
    )
    app = create_app(settings, clock=clock, transport=issuer_transport())
    await load_reference(app.state.db, now=clock())
    first, second = files()
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as http:
        register = Register(app, http, app.state.db, clock, second_urls)
        await imported(register, first)
        whole = await told(register, await imported(register, second))
    await app.state.db.close()
    return whole


def breaking(register: Register, at: int) -> Database:
    """Return a database whose n-th commit is stopped just before it, after everything was written."""
    seen = 0
    write = writes_to(journal_lines)

    async def before_commit(tx: Transaction) -> None:
        nonlocal seen
        await write(tx)
        seen += 1
        if seen == at:
            raise Stopped

    return Database(register.urls.app, before_commit=before_commit, refusals=REFUSALS, pool_size=2)


async def waiting(register: Register) -> str:
    """Work off the first file, send the second, and return where it is read."""
    first, second = files()
    await imported(register, first)
    return (await send(register, second)).headers["Location"]


async def resumed(register: Register, path: str) -> tuple[Any, ...]:
    """Let the next worker go on as soon as it may, and return what it came to."""
    for _ in range(100):
        await work_off(register)
        made = (await register.http.get(path, headers=association())).json()
        if made["state"] == "finished":
            return await told(register, made)
        await asyncio.sleep(0.05)
    raise AssertionError(made)


# The claim is the first commit, then there are six chunks.
@pytest.mark.parametrize("commit", range(1, 8))
async def test_stopped_within_a_chunk_it_ends_as_if_it_never_was(
    register: Register, unbroken: tuple[Any, ...], commit: int
) -> None:
    path = await waiting(register)
    db = breaking(register, commit)
    with pytest.raises(Stopped):
        await run_next(db, clock=register.clock, worker="first")
    await db.close()
    assert await resumed(register, path) == unbroken


@pytest.mark.parametrize("chunks", range(1, 6))
async def test_stopped_between_chunks_it_ends_as_if_it_never_was(
    register: Register, unbroken: tuple[Any, ...], chunks: int
) -> None:
    path = await waiting(register)
    task = asyncio.create_task(run_next(register.db, clock=register.clock, worker="first"))
    for _ in range(2_000):
        rows = await register.db.fetch("SELECT max(next_chunk) AS n FROM imports WHERE state <> 'finished'")
        if rows[0]["n"] in (chunks, None):
            break
        await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await resumed(register, path) == unbroken


async def test_a_dry_run_that_is_stopped_says_what_one_says_that_is_not(register: Register) -> None:
    first, second = files()
    await imported(register, first)
    whole = await imported(register, second, dry_run="true")
    path = (await send(register, second, dry_run="true")).headers["Location"]
    db = breaking(register, 6)
    with pytest.raises(Stopped):
        await run_next(db, clock=register.clock, worker="first")
    await db.close()
    assert (await resumed(register, path))[2:] == (await told(register, whole))[2:]


async def test_a_worker_that_has_lost_an_import_writes_no_more(register: Register) -> None:
    path = await waiting(register)
    # A lease of nothing: each may take the import from the other between any two chunks.
    await asyncio.gather(
        *(run_next(register.db, clock=register.clock, worker=f"w{each}", lease=0.0) for each in range(4))
    )
    await resumed(register, path)
    made = (await register.http.get(path, headers=association())).json()
    assert made["processed"] == made["rows"] == 21
    assert sum(made["totals"][name] for name in ("created", "changed", "unchanged", "failed")) == 21


async def test_an_import_that_fails_again_and_again_is_given_up(register: Register) -> None:
    path = await waiting(register)
    async with register.db.transaction(Actor.system("test")) as tx:
        await tx.driver.execute("UPDATE imports SET attempts = 20 WHERE state = 'received'")
    await work_off(register)
    made = (await register.http.get(path, headers=association())).json()
    assert (made["state"], made["totals"]["created"]) == ("failed", 0)
    assert made["problem"].startswith("Something broke on our side.")
    assert len(await outcomes(register, made, "unprocessed")) == 21


async def test_the_worker_goes_on_when_the_database_was_away(register: Register) -> None:
    task = asyncio.create_task(work(register.db, clock=register.clock, pause=0.02))
    await asyncio.sleep(0.1)
    owner = await asyncpg.connect(asyncpg_dsn(register.urls.owner))
    await owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
    )
    await owner.close()
    path = (await send(register, csv_file(row(1)))).headers["Location"]
    for _ in range(200):
        made = (await register.http.get(path, headers=association())).json()
        if made["state"] == "finished":
            break
        await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert made["totals"]["created"] == 1


KILLED = """
import asyncio, os, signal, sys
from shared.clock import utc_now
from shared.database import Database
from shared.journal import writes_to
from services.register.storage.constraints import REFUSALS
from services.register.storage.tables import journal
from services.register.operations.import_runs import run_next

async def main():
    seen, write = 0, writes_to(journal)
    async def before_commit(tx):
        nonlocal seen
        await write(tx)
        seen += 1
        if seen == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
    db = Database(sys.argv[1], before_commit=before_commit, refusals=REFUSALS, pool_size=2)
    await run_next(db, clock=utc_now, worker="killed", lease=0.2)

asyncio.run(main())
"""


@pytest.mark.slow
@pytest.mark.parametrize("commit", [2, 4])
async def test_killed_outright_it_ends_as_if_it_never_was(
    register: Register, unbroken: tuple[Any, ...], commit: int
) -> None:
    path = await waiting(register)
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", KILLED, register.urls.app, str(commit)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    assert await resumed(register, path) == unbroken
