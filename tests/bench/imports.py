"""Import end to end against raw COPY: a first file, and the same file again, in interleaved rounds.

The rows are copied twice for comparison: as they stand in the file into one table with two indexes, and as
the import writes them (people, member ids, memberships, public entries, journal) into tables with the
same indexes and exclusion constraints, since no import can be faster than what it has to write.
"""

import csv
import gc
import io
import time
from collections.abc import Sequence
from typing import Any

import asyncpg

from services.register.operations import imports
from services.register.operations.import_runs import run_next
from services.register.operations.reference import load_reference
from services.register.storage.constraints import REFUSALS
from services.register.storage.tables import answers, journal
from shared.actor import Actor
from shared.clock import utc_now
from shared.database import Database
from shared.idempotency import Answer, Once
from shared.journal import writes_to
from shared.postgres.urls import asyncpg_dsn
from tests.bench.rows import Row

ROWS = 20_000
ASSOCIATIONS = ("ICG", "ACEG", "NAEGA")
COLUMNS = ("Member No", "Forename", "Surname", "DOB", "Email", "Country", "Region", "Role", "Grade", "Joined")
WRITTEN = {
    "people": "id, number, given_names, family_name, folded_name, date_of_birth,"
    " home_country, regions, settings, roles, specialisms, languages, client_groups, created_at",
    "member_ids": "association, member_id, person_id, email, telephone",
    "memberships": "row_id, id, corrects, person_id, valid, known, txid, association, member_id, level,"
    " category",
    "public_entries": "number, person_id, starts, bodies, version",
    "journal": "position, at, actor, event, subject, facts, previous, txid",
}


async def measure(app_url: str, owner_url: str, *, rows: int = ROWS) -> list[Row]:
    """Return the rows of the table: ratios of imports to COPY, each the median of three rounds."""
    db = Database(app_url, before_commit=writes_to(journal), refusals=REFUSALS, pool_size=4)
    owner = await asyncpg.connect(asyncpg_dsn(owner_url))
    try:
        await load_reference(db, now=utc_now())
        await _warm_up(db)
        # As a service does when it has started.
        gc.collect()
        gc.freeze()
        rounds = [await _round(db, owner, association, rows) for association in ASSOCIATIONS]
    finally:
        await owner.close()
        await db.close()
    plain, same, first, again = (sorted(column)[1] for column in zip(*rounds, strict=True))
    said = f"{rows:,} rows"
    return [
        _row(f"import, {said}, all new", first, "COPY of the rows of the file", plain, "≥ 0.30"),
        _row(f"import, {said}, all new", first, "COPY of what is written, same indexes", same, ""),
        _row(f"import, {said}, unchanged", again, "COPY of the rows of the file", plain, "≥ 0.60"),
        _row(f"import, {said}, unchanged", again, "COPY of what is written, same indexes", same, ""),
    ]


def _row(what: str, measured: float, against: str, compared: float, target: str) -> Row:
    return Row(
        what=what,
        measured=f"{measured:,.0f} rows/s",
        compared_with=f"{against}: {compared:,.0f} rows/s",
        ratio=measured / compared,
        target=target,
    )


async def _round(db: Database, owner: asyncpg.Connection, association: str, rows: int) -> tuple[float, ...]:
    members = [_member(place, association) for place in range(rows)]
    content = _file(members)
    plain = await _copy_plain(owner, members)
    first = await _import(db, association, content)
    same = await _copy_written(owner, association)
    again = await _import(db, association, content)
    return tuple(rows / seconds for seconds in (plain, same, first, again))


def _member(place: int, association: str) -> tuple[str, ...]:
    # Nobody is like a member of another association: who is costs a look and a line more.
    apart = place + ROWS * (*ASSOCIATIONS, "AGCAS").index(association)
    letters = "".join(chr(97 + int(digit)) for digit in f"{apart:06}")
    return (
        f"{association}{place:06}",
        f"Given{letters[:3]}",
        f"Family{letters}",
        f"{place % 28 + 1:02}/{place % 12 + 1:02}/{1950 + place % 50}",
        f"member{place}@{association.lower()}.example",
        "England",
        ("London", "South West", "North East")[place % 3],
        "Careers adviser",
        ("Professional", "Associate", "Affiliate")[place % 3],
        f"01/09/{2010 + place % 15}",
    )


def _file(members: Sequence[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *members])
    return text.getvalue().encode()


async def _warm_up(db: Database) -> None:
    await _import(db, "AGCAS", _file([_member(place, "AGCAS") for place in range(1_000)]))


async def _import(db: Database, association: str, content: bytes) -> float:
    """Return the seconds from the file's bytes to the import's end."""
    actor = Actor(subject="bench", client_id="bench", association=association)
    started = time.perf_counter()
    once = Once(
        answers,
        client_id="bench",
        key=None,
        request=b"",
        now=utc_now(),
        render=lambda _: Answer(status=202, body="{}"),
    )
    await imports.submit(
        db,
        once,
        content=content,
        file_name="bench.csv",
        mapping=None,
        dry_run=False,
        actor=actor,
        now=utc_now(),
    )
    assert await run_next(db, clock=utc_now, worker="bench")
    return time.perf_counter() - started


async def _copy_plain(owner: asyncpg.Connection, members: Sequence[tuple[str, ...]]) -> float:
    columns = [f"c{place}" for place in range(len(COLUMNS))]
    await owner.execute(f"CREATE TABLE plain ({', '.join(f'{name} text' for name in columns)})")
    await owner.execute("CREATE UNIQUE INDEX ON plain (c0); CREATE INDEX ON plain (c2, c3)")
    started = time.perf_counter()
    await owner.copy_records_to_table("plain", records=members, columns=columns)
    seconds = time.perf_counter() - started
    await owner.execute("DROP TABLE plain")
    return seconds


async def _copy_written(owner: asyncpg.Connection, association: str) -> float:
    """Return the seconds for which COPY writes what the first import of this association wrote."""
    seconds = 0.0
    chosen = {
        "member_ids": "association = $1",
        "memberships": "association = $1",
        "people": "id IN (SELECT person_id FROM member_ids WHERE association = $1)",
        "public_entries": "person_id IN (SELECT person_id FROM member_ids WHERE association = $1)",
        "journal": "facts ->> 'association' = $1",
    }
    for table, columns in WRITTEN.items():
        found: list[Any] = await owner.fetch(
            f"SELECT {columns} FROM {table} WHERE {chosen[table]}", association
        )
        await owner.execute(f"CREATE TABLE same (LIKE {table} INCLUDING INDEXES INCLUDING CONSTRAINTS)")
        names = [name.strip() for name in columns.split(",")]
        started = time.perf_counter()
        await owner.copy_records_to_table("same", records=found, columns=names)
        seconds += time.perf_counter() - started
        await owner.execute("DROP TABLE same")
    return seconds
