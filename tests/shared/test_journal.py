"""The journal: no gap, the order of commits, a chain, and each line applied exactly once by a follower."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg
import pytest
from sqlalchemy import MetaData, text

from services.register.storage.tables import journal
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.journal import (
    GENESIS,
    MANY,
    Line,
    Record,
    follow,
    followed_table,
    read_after,
    wait_after,
)
from shared.postgres.roles import ServiceUrls
from shared.postgres.urls import asyncpg_dsn

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ACTOR = Actor(subject="someone", client_id="someone")
FOLLOWED = followed_table(MetaData())


def a_record(subject: str = "CR00000001", **facts: object) -> Record:
    return Record(actor=ACTOR, at=NOW, event="thing.happened", subject=subject, facts=facts)


async def write(db: Database, *subjects: str) -> None:
    async with db.transaction(ACTOR) as tx:
        for subject in subjects:
            tx.record(a_record(subject))


async def lines(db: Database, after: int = 0, limit: int = 1000) -> Sequence[Line]:
    async with db.reading() as tx:
        return await read_after(tx, journal, after=after, limit=limit)


def assert_chained(written: Sequence[Line]) -> None:
    previous = GENESIS
    for number, line in enumerate(written, start=1):
        assert (line.position, line.previous) == (number, previous)
        previous = line.digest()


async def test_lines_of_one_transaction_follow_each_other(db: Database) -> None:
    await write(db, "a", "b", "c")
    written = await lines(db)
    assert [line.subject for line in written] == ["a", "b", "c"]
    assert_chained(written)


async def test_writers_at_the_same_moment_leave_no_gap_and_one_chain(db: Database) -> None:
    await asyncio.gather(*(write(db, f"{n}-first", f"{n}-second") for n in range(40)))
    written = await lines(db)
    assert len(written) == 80
    assert_chained(written)


async def test_a_transaction_that_fails_leaves_neither_line_nor_gap(db: Database) -> None:
    with pytest.raises(RuntimeError):
        async with db.transaction(ACTOR) as tx:
            tx.record(a_record("lost"))
            raise RuntimeError
    await write(db, "kept")
    assert [(line.position, line.subject) for line in await lines(db)] == [(1, "kept")]


async def test_a_changed_line_breaks_the_chain(db: Database, register_urls: ServiceUrls) -> None:
    await write(db, "a", "b")
    owner = await asyncpg.connect(asyncpg_dsn(register_urls.owner))
    await owner.execute("ALTER TABLE journal DISABLE TRIGGER ALL")
    await owner.execute("UPDATE journal SET subject = 'x' WHERE position = 1")
    await owner.close()
    first, second = await lines(db)
    assert second.previous != first.digest()


async def test_text_of_any_script_and_nested_facts_keep_their_digest(db: Database) -> None:
    async with db.transaction(ACTOR) as tx:
        tx.record(a_record("Siân ŵ 🎓", days=["2026-01-01", None], deep={"b": 1, "a": True}))
        tx.record(a_record())
    assert_chained(await lines(db))


async def test_many_lines_of_one_transaction_follow_each_other_too(db: Database) -> None:
    async with db.transaction(ACTOR) as tx:
        for each in range(MANY + 1):
            tx.record(a_record(f"Siân “{each}”\n", each=each, deep={"b": [None, True], "a": "ŵ"}))
    await write(db, "after")
    written = await lines(db)
    assert len(written) == MANY + 2
    assert_chained(written)


async def test_a_reader_that_waits_gets_the_line_when_it_comes(db: Database) -> None:
    waiting = asyncio.create_task(wait_after(db, journal, after=0, limit=10, seconds=5))
    await asyncio.sleep(0.05)
    await write(db, "late")
    assert [line.subject for line in await waiting] == ["late"]


async def test_a_reader_that_waits_in_vain_gets_nothing(db: Database) -> None:
    assert await wait_after(db, journal, after=0, limit=10, seconds=0.1) == []


async def test_nobody_waits_for_a_reader_who_is_gone(db: Database) -> None:
    async def gone() -> bool:
        return True

    async with asyncio.timeout(1):
        assert await wait_after(db, journal, after=0, limit=10, seconds=30, gone=gone) == []


async def a_table_of_what_was_applied(urls: ServiceUrls) -> None:
    owner = await asyncpg.connect(asyncpg_dsn(urls.owner))
    await owner.execute(
        "CREATE TABLE applied (position bigint); GRANT SELECT, INSERT, UPDATE ON applied TO register_app"
    )
    await owner.close()


async def apply(tx: Transaction, line: Line) -> None:
    await tx.execute(text("INSERT INTO applied VALUES (:p)"), {"p": line.position})


async def applied(db: Database) -> list[int]:
    return [row[0] for row in await db.fetch("SELECT position FROM applied ORDER BY 1")]


async def test_followers_that_race_apply_each_line_once(db: Database, register_urls: ServiceUrls) -> None:
    await a_table_of_what_was_applied(register_urls)
    await write(db, *(str(n) for n in range(20)))

    async def fetch(after: int) -> Sequence[Line]:
        return await lines(db, after, 7)

    for _ in range(4):
        await asyncio.gather(
            *(follow(db, FOLLOWED, source="register", fetch=fetch, apply=apply) for _ in range(4))
        )
    assert await applied(db) == list(range(1, 21))


async def test_a_follower_that_fails_goes_on_from_the_line_that_failed(
    db: Database, register_urls: ServiceUrls
) -> None:
    await a_table_of_what_was_applied(register_urls)
    await write(db, "a", "b", "c")
    failures = [True]

    async def fetch(after: int) -> Sequence[Line]:
        return await lines(db, after)

    async def fails_once_at_two(tx: Transaction, line: Line) -> None:
        await apply(tx, line)
        if line.position == 2 and failures:
            failures.pop()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await follow(db, FOLLOWED, source="register", fetch=fetch, apply=fails_once_at_two)
    assert await applied(db) == [1]
    await follow(db, FOLLOWED, source="register", fetch=fetch, apply=fails_once_at_two)
    assert await applied(db) == [1, 2, 3]
