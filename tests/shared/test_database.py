"""Transactions commit when the block ends; a database that does not answer is a refusal, not a fault."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import text

from shared.actor import Actor
from shared.database import Database, DatabaseUnavailable, TextNotStorable
from shared.errors import Conflict
from shared.postgres.roles import ServiceUrls

ACTOR = Actor(subject="someone", client_id="someone")


class ReferenceHeldTwice(Conflict):
    """There is one already."""


INSERT = text("INSERT INTO reference (kind, code, position, body) VALUES ('k', :code, 1, '{}')")


async def test_leaving_the_block_commits(db: Database) -> None:
    async with db.transaction(ACTOR) as tx:
        await tx.execute(INSERT, {"code": "a"})
    assert len(await db.fetch("SELECT * FROM reference")) == 1


async def test_copy_on_the_driver_belongs_to_the_transaction(db: Database) -> None:
    with pytest.raises(RuntimeError):
        async with db.transaction(ACTOR) as tx:
            await tx.driver.copy_records_to_table(
                "reference", records=[("k", "a", 1, "{}")], columns=["kind", "code", "position", "body"]
            )
            raise RuntimeError
    assert await db.fetch("SELECT * FROM reference") == []


async def test_a_broken_constraint_is_the_refusal_named_for_it(register_urls: ServiceUrls) -> None:
    db = Database(register_urls.app, refusals={"reference_pkey": ReferenceHeldTwice})
    async with db.transaction(ACTOR) as tx:
        await tx.execute(INSERT, {"code": "a"})
    with pytest.raises(ReferenceHeldTwice):
        async with db.transaction(ACTOR) as tx:
            await tx.execute(INSERT, {"code": "a"})
    await db.close()


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800"])
async def test_text_that_cannot_be_stored_is_refused(db: Database, bad: str) -> None:
    with pytest.raises(TextNotStorable):
        async with db.transaction(ACTOR) as tx:
            await tx.execute(INSERT, {"code": bad})


async def test_a_number_out_of_range_is_refused(db: Database) -> None:
    with pytest.raises(TextNotStorable):
        async with db.reading() as tx:
            await tx.rows(text("SELECT :n ::bigint"), {"n": 2**63})


async def test_a_server_that_is_not_there_is_unavailable(register_urls: ServiceUrls) -> None:
    db = Database(register_urls.app.replace("host=", "host=/nowhere"))
    with pytest.raises(DatabaseUnavailable):
        async with db.transaction(ACTOR):
            pass
    with pytest.raises(DatabaseUnavailable):
        await db.fetch("SELECT 1")
    await db.close()


async def test_a_connection_killed_in_the_middle_is_unavailable_and_the_next_one_works(
    db: Database,
) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with db.transaction(ACTOR) as tx:
            await tx.execute(INSERT, {"code": "a"})
            tx.driver.terminate()
            await tx.execute(INSERT, {"code": "b"})
    async with db.transaction(ACTOR) as tx:
        await tx.execute(INSERT, {"code": "c"})
    assert [row["code"] for row in await db.fetch("SELECT code FROM reference")] == ["c"]


async def test_reads_on_the_driver_see_the_state_of_their_reading_transaction(db: Database) -> None:
    async with db.reading() as tx:
        before = await tx.driver.fetchval("SELECT count(*) FROM reference")
        async with db.transaction(ACTOR) as other:
            await other.execute(INSERT, {"code": "a"})
        assert await tx.driver.fetchval("SELECT count(*) FROM reference") == before


async def test_a_reading_transaction_cannot_write(db: Database) -> None:
    with pytest.raises(Exception, match="read-only"):
        async with db.reading() as tx:
            await tx.execute(INSERT, {"code": "a"})


async def sessions(db: Database) -> set[int]:
    """Return the server's processes that answer three reads in a row."""
    return {(await db.fetch("SELECT pg_backend_pid() AS pid"))[0]["pid"] for _ in range(3)}


async def test_hot_reads_one_after_another_use_one_connection(db: Database) -> None:
    assert len(await sessions(db)) == 1


async def test_hot_reads_at_once_use_so_many_connections_and_no_more(register_urls: ServiceUrls) -> None:
    db = Database(register_urls.app, pool_size=2)
    rows = await asyncio.gather(*(db.fetch("SELECT pg_backend_pid(), pg_sleep(0.01)") for _ in range(6)))
    assert len({each[0][0] for each in rows}) == 2
    await db.close()


async def test_a_hot_read_that_the_server_refuses_harms_no_other(db: Database) -> None:
    before = await sessions(db)
    with pytest.raises(asyncpg.UndefinedTableError):
        await db.fetch("SELECT * FROM nowhere")
    with pytest.raises(TextNotStorable):
        await db.fetch("SELECT $1::bigint", "no number")
    assert await sessions(db) == before


async def test_a_hot_read_that_is_given_up_in_the_middle_leaves_no_connection_behind(db: Database) -> None:
    before = await sessions(db)
    given_up = asyncio.create_task(db.fetch("SELECT pg_sleep(10)"))
    await asyncio.sleep(0.05)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert not await sessions(db) & before


async def test_a_connection_for_hot_reads_killed_in_the_middle_is_unavailable_and_the_next_one_works(
    db: Database,
) -> None:
    [victim] = await sessions(db)
    reading = asyncio.create_task(db.fetch("SELECT pg_sleep(10)"))
    await asyncio.sleep(0.05)
    await db.fetch("SELECT pg_terminate_backend($1)", victim)
    with pytest.raises(DatabaseUnavailable):
        await reading
    assert victim not in await sessions(db)


async def test_after_closing_no_hot_read_is_answered(register_urls: ServiceUrls) -> None:
    db = Database(register_urls.app)
    await sessions(db)
    await db.close()
    with pytest.raises(DatabaseUnavailable):
        await db.fetch("SELECT 1")
