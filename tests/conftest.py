"""What every test may use: one PostgreSQL a worker, one migrated template per service, one clone per test.

The server is embedded, unless DATABASE_URL names one. Commits are real, so operations run unmodified and
races are honest.
"""

import fcntl
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.cpd.operations.reference import load_reference as load_cpd_reference
from services.cpd.storage.database import connect as connect_cpd
from services.kitemark.operations.shipped import load as load_kitemark
from services.kitemark.storage.database import connect as connect_kitemark
from services.register.operations.reference import load_reference
from services.register.storage.database import connect
from shared.postgres.roles import ServiceUrls, roles_of
from shared.postgres.server import EmbeddedPostgres
from shared.schema_version import ROOT
from shared.supervisor.workplace import Workplace
from shared.telemetry import configure_logs
from tests.clones import Clones, Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

Clone = Callable[[str], AbstractContextManager[ServiceUrls]]
"""``with clone("register") as urls:`` gives a migrated, empty database of that service."""


def built_services() -> list[str]:
    """Return the services that have migrations."""
    return sorted(folder.parent.name for folder in (ROOT / "services").glob("*/migrations"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The one server of this run."""
    prefix = f"test_{secrets.token_hex(4)}_"
    given = os.environ.get("DATABASE_URL")
    if given:
        # Roles are the whole server's: with this checkout's passwords, what runs on it goes on running.
        place = Workplace(ROOT)
        place.data.mkdir(exist_ok=True)
        with (place.data / "tests.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # all workers of a run agree on the passwords
            found = place.passwords(roles_of(built_services()))
        yield Server(given, found, prefix)
        return
    passwords = {role: secrets.token_urlsafe(18) for role in roles_of(built_services())}
    folder = Path(tempfile.mkdtemp(prefix="careers-tests-"))
    folder.chmod(0o711)  # ours; so that under root the account of PostgreSQL can walk into it
    try:
        with EmbeddedPostgres(folder, durable=False) as postgres:
            yield Server(postgres.admin_url, passwords, prefix)
    finally:
        shutil.rmtree(folder)


async def fill_register(url: str) -> None:
    """Load the register's reference data, as at the hour at which the tests' clocks stand."""
    db = connect(url, pool_size=1)
    await load_reference(db, now=datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    await db.close()


async def fill_cpd(url: str) -> None:
    """Load the reference data of CPD, as at the hour at which the tests' clocks stand."""
    db = connect_cpd(url, pool_size=1)
    await load_cpd_reference(db, now=datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    await db.close()


async def fill_kitemark(url: str) -> None:
    """Load the reference data of the kite mark, as at the hour at which the tests' clocks stand."""
    db = connect_kitemark(url, pool_size=1)
    await load_kitemark(db, now=datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    await db.close()


@pytest.fixture(scope="session")
def clones(server: Server) -> Iterator[Clones]:
    """What makes databases for tests."""
    made = Clones(server, {"register": fill_register, "cpd": fill_cpd, "kitemark": fill_kitemark})
    yield made
    made.close()


@pytest.fixture(scope="session")
def clone(clones: Clones) -> Clone:
    """Give a database of one's own: see ``Clone``."""
    return clones.cloned


@pytest.fixture
def register_urls(clone: Clone) -> Iterator[ServiceUrls]:
    """A register's database for this test: ``.app`` for the running role, ``.owner`` for the owner."""
    with clone("register") as found:
        yield found


@pytest.fixture
def loaded_register_urls(clones: Clones) -> Iterator[ServiceUrls]:
    """A register's database for this test, with the reference data in it."""
    with clones.cloned("register", filled=True) as found:
        yield found


@pytest.fixture
def loaded_kitemark_urls(clones: Clones) -> Iterator[ServiceUrls]:
    """A database of the kite mark for this test, with the reference data in it."""
    with clones.cloned("kitemark", filled=True) as found:
        yield found


@pytest.fixture
def loaded_cpd_urls(clones: Clones) -> Iterator[ServiceUrls]:
    """A database of CPD for this test, with the reference data in it."""
    with clones.cloned("cpd", filled=True) as found:
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


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Write logs as in production: what is made for a terminal takes seconds over every traceback."""
    configure_logs("tests", stream=_CapturedOutput())


class _CapturedOutput:
    """Whatever standard output is when something is written: pytest changes it for each test."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


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
