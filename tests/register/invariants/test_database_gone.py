"""I24: a database that goes in the middle is a 503 that says when to come again; nothing is half done."""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from services.register.app import create_app
from services.register.operations.reference import load_reference
from services.register.settings import Settings
from shared import migrations
from shared.postgres.roles import ServiceUrls, ensure_databases, roles_of
from shared.postgres.server import EmbeddedPostgres
from shared.postgres.urls import asyncpg_dsn
from tests.callers import TRUSTED, issuer_transport
from tests.clones import Server
from tests.register import make
from tests.register.conftest import Register, TestClock
from tests.register.invariants.state import digests
from tests.register.invariants.test_idempotency import send, waiting
from tests.register.make_licences import applicant, decide, licensed, verdict


async def terminate(server: Server, register: Register) -> None:
    """End every connection of the service, as a failover does."""
    connection = await asyncpg.connect(asyncpg_dsn(server.admin_url))
    name = register.urls.app.rsplit("/", 1)[1].split("?")[0]
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = $1 AND usename = 'register_app' AND application_name <> 'holder'",
            name,
        )
    finally:
        await connection.close()


async def test_a_connection_lost_in_the_middle_of_a_decision_leaves_nothing_half_done(
    register: Register, server: Server
) -> None:
    number, application_id = await applicant(register)
    before = await digests(register)
    holder = await asyncpg.connect(
        register.urls.app.replace("+asyncpg", ""), server_settings={"application_name": "holder"}
    )
    try:
        async with holder.transaction():
            await holder.execute("SELECT FROM people FOR UPDATE")
            running = asyncio.create_task(decide(register, application_id))
            await waiting(register)
            await terminate(server, register)
            answer = await running
    finally:
        await holder.close()
    assert (answer.status_code, answer.json()["code"]) == (503, "database-unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert await digests(register) == before
    assert (await decide(register, application_id)).status_code == 201
    assert await verdict(register, number) == "licensed"


async def test_a_request_that_was_cut_off_is_sent_again_with_its_key_and_has_one_effect(
    register: Register, server: Server
) -> None:
    number = await licensed(register)
    holder = await asyncpg.connect(
        register.urls.app.replace("+asyncpg", ""), server_settings={"application_name": "holder"}
    )
    try:
        async with holder.transaction():
            await holder.execute("SELECT FROM people FOR UPDATE")
            running = asyncio.create_task(send(register, number, "k"))
            await waiting(register)
            await terminate(server, register)
            assert (await running).status_code == 503
    finally:
        await holder.close()
    assert (await send(register, number, "k")).status_code == 201
    assert (await make.events(register)).count("sanction.imposed") == 1


@pytest.fixture
def own_server() -> Iterator[tuple[EmbeddedPostgres, ServiceUrls]]:
    """A PostgreSQL of this test alone, which it may stop."""
    folder = Path(tempfile.mkdtemp(prefix="careers-gone-"))
    folder.chmod(0o711)
    try:
        with EmbeddedPostgres(folder, durable=False) as postgres:
            passwords = {role: secrets.token_urlsafe(18) for role in roles_of(["register"])}
            urls = ensure_databases(postgres.admin_url, ["register"], passwords)["register"]
            migrations.upgrade("register", urls.owner)
            yield postgres, urls
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
async def test_a_stopped_database_is_a_503_everywhere_and_its_return_is_noticed(
    own_server: tuple[EmbeddedPostgres, ServiceUrls],
) -> None:
    postgres, urls = own_server
    clock = TestClock()
    app = create_app(
        Settings(
            database_url=urls.app,
            environment="development",
            trusted_issuers=[TRUSTED],
            errors_url="https://errors.test",
            token_url="https://issuer.test/oauth/token",
        ),
        clock=clock,
        transport=issuer_transport(),
    )
    await load_reference(app.state.db, now=clock())
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as client:
        register = Register(app, client, app.state.db, clock, urls)
        number = await licensed(register)
        before = await digests(register)
        await asyncio.to_thread(postgres.stop)
        answers = [
            await client.get(f"/v1/licences/{number}"),
            await client.post("/v1/verifications", json={"rows": [{"number": number}]}),
            await client.get("/readyz"),
            await send(register, number, "k"),
        ]
        assert {answer.status_code for answer in answers} == {503}
        assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
        assert not any("licensed" in answer.text for answer in answers)
        assert (await client.get("/livez")).status_code == 200
        await asyncio.to_thread(postgres.start)
        assert await verdict(register, number) == "licensed"
        assert await digests(register) == before
        assert (await send(register, number, "k")).status_code == 201
        assert await verdict(register, number) == "suspended"
    await app.state.db.close()
