"""What every test may use: one PostgreSQL, one migrated template per service, one clone per test.

The server is embedded, unless DATABASE_URL names one. Commits are real, so operations run unmodified and
races are honest.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from shared import migrations
from shared.postgres.roles import (
    ServiceUrls,
    ensure_databases,
    grant_connect,
    owner_role,
    roles_of,
    run,
    urls,
)
from shared.postgres.server import EmbeddedPostgres
from shared.postgres.urls import asyncpg_dsn
from shared.schema_version import ROOT
from shared.supervisor.workplace import Workplace

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

Clone = Callable[[str], AbstractContextManager[ServiceUrls]]
"""``with clone("register") as urls:`` gives a migrated, empty database of that service."""


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server to test on. ``prefix`` keeps this run's databases apart from all others on it."""

    admin_url: str
    passwords: dict[str, str]
    prefix: str


def built_services() -> list[str]:
    """Return the services that have migrations."""
    return sorted(folder.parent.name for folder in (ROOT / "services").glob("*/migrations"))


async def execute(url: str, *statements: str) -> None:
    """Run statements outside any transaction, as CREATE DATABASE needs it."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The one server of this run."""
    prefix = f"test_{secrets.token_hex(4)}_"
    given = os.environ.get("DATABASE_URL")
    if given:
        # Roles are the whole server's: with this checkout's passwords, what runs on it goes on running.
        place = Workplace(ROOT)
        place.data.mkdir(exist_ok=True)
        yield Server(given, place.passwords(roles_of(built_services())), prefix)
        return
    passwords = {role: secrets.token_urlsafe(18) for role in roles_of(built_services())}
    folder = Path(tempfile.mkdtemp(prefix="careers-tests-"))
    folder.chmod(0o711)  # ours; so that under root the account of PostgreSQL can walk into it
    try:
        with EmbeddedPostgres(folder, durable=False) as postgres:
            yield Server(postgres.admin_url, passwords, prefix)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def templates(server: Server) -> Iterator[Callable[[str], str]]:
    """Give the name of a service's migrated template, made when it is first asked for."""
    prefix = server.prefix + "template_"
    made: set[str] = set()

    def template(service: str) -> str:
        if service not in made:
            ready = ensure_databases(server.admin_url, [service], server.passwords, prefix=prefix)
            migrations.upgrade(service, ready[service].owner)
            made.add(service)
        return prefix + service

    yield template
    drops = [f'DROP DATABASE IF EXISTS "{prefix}{name}" WITH (FORCE)' for name in built_services()]
    run(execute(server.admin_url, *drops))


@pytest.fixture(scope="session")
def clone(server: Server, templates: Callable[[str], str]) -> Clone:
    """Give a database of one's own: see ``Clone``."""

    async def copy(service: str, name: str) -> None:
        connection = await asyncpg.connect(asyncpg_dsn(server.admin_url))
        try:
            await connection.execute(
                f'CREATE DATABASE "{name}" TEMPLATE "{templates(service)}" '
                f'OWNER "{owner_role(service)}" STRATEGY wal_log'
            )
            await grant_connect(connection, service, name)
        finally:
            await connection.close()

    @contextmanager
    def cloned(service: str) -> Iterator[ServiceUrls]:
        name = f"{server.prefix}{service}_{secrets.token_hex(4)}"
        templates(service)
        run(copy(service, name))
        try:
            yield urls(server.admin_url, service, name, server.passwords)
        finally:
            run(execute(server.admin_url, f'DROP DATABASE "{name}" WITH (FORCE)'))

    return cloned


@pytest.fixture
def register_urls(clone: Clone) -> Iterator[ServiceUrls]:
    """A register's database for this test: ``.app`` for the running role, ``.owner`` for the owner."""
    with clone("register") as found:
        yield found


@pytest.fixture
def gateway_urls(clone: Clone) -> Iterator[ServiceUrls]:
    """A gateway's database for this test: ``.app`` for the running role, ``.owner`` for the owner."""
    with clone("gateway") as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser; tests that ask for it carry the mark ``browser``."""
    assert CHROMIUM
    return CHROMIUM


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser, leave its tests out and say so; on CI, refuse to pass without them."""
    wanted = [item for item in items if item.get_closest_marker("browser")]
    if not wanted or CHROMIUM:
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError("CI=true, and there is no chromium for the browser tests")
    for item in wanted:
        item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line that there was no browser."""
    if not CHROMIUM:
        terminalreporter.write_line(
            "No chromium here, so the browser tests were left out (apt-get install chromium)."
        )
