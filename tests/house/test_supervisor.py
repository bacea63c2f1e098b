"""The one command, run as its user runs it, on toy services in a folder with a space in its name."""

import http.client
import json
import os
import shutil
import signal
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.postgres.server import EmbeddedPostgres, destroy
from shared.postgres.urls import asyncpg_dsn, normalise_url
from tests.house.place import (
    Place,
    free_ports,
    get,
    left_behind,
    postmaster,
    running,
    sample,
    server_here,
)
from tests.house.toy_services import build

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """The toys, built once."""
    root = Path(tempfile.mkdtemp(prefix="careers test "))
    root.chmod(0o755)
    gateway, register = free_ports()
    yield Place(build(root), gateway, register)
    destroy(root / ".data")
    shutil.rmtree(root)


def test_from_nothing_everything_runs_and_is_told_to_people_and_to_scripts(place: Place) -> None:
    destroy(place.data)
    shutil.rmtree(place.data, ignore_errors=True)
    with running(place) as found:
        told = sample(place)
        assert told["addresses"] == {
            "gateway": f"http://127.0.0.1:{place.gateway}",
            "register": f"http://127.0.0.1:{place.register}",
        }
        for client in told["clients"].values():
            assert client["id"] in found.said
            assert client["secret"] in found.said
        assert "CR00000001" in found.said
        assert f"http://127.0.0.1:{place.gateway}/school?urn=999907" in found.said
        for name in ("sample.json", "credentials.json", "signing-keys.json"):
            assert stat.S_IMODE((place.data / name).stat().st_mode) == 0o600
        found.process.send_signal(signal.SIGINT)
        assert found.ended()[0] == 128 + signal.SIGINT


def test_a_second_start_keeps_the_secrets_that_were_given_out(place: Place) -> None:
    with running(place):
        before = sample(place)["clients"]
    with running(place):
        assert sample(place)["clients"] == before


def test_each_service_sees_its_own_settings_and_no_one_elses_secret(place: Place) -> None:
    with running(
        place, GATEWAY_INTROSPECTION="false", REGISTER_MIGRATION_URL="postgresql://owner:not-for-services@/x"
    ):
        gateway = json.loads(get(place.gateway, "/environment"))
        register = json.loads(get(place.register, "/environment"))
    address = f"http://127.0.0.1:{place.gateway}"
    assert gateway["GATEWAY_REGISTER_URL"] == f"http://127.0.0.1:{place.register}"
    assert gateway["GATEWAY_ISSUER"] == address
    assert gateway["GATEWAY_INTROSPECTION"] == "false"
    assert gateway["GATEWAY_DATABASE_URL"].startswith("postgresql+asyncpg://gateway_app:")
    assert json.loads(register["REGISTER_TRUSTED_ISSUERS"])[0]["issuer"] == address
    assert register["REGISTER_ERRORS_URL"] == f"{address}/errors"
    assert register["REGISTER_ENVIRONMENT"] == "development"
    secrets = json.loads((place.data / "credentials.json").read_text())
    superuser = (place.data / "postgres-password").read_text()
    for name, environment in (("gateway", gateway), ("register", register)):
        others = {value for role, value in secrets.items() if role != f"{name}_app"} | {
            superuser,
            "not-for-services",
        }
        assert not [key for key, value in environment.items() for secret in others if secret in value]


def test_what_the_user_sets_wins(place: Place) -> None:
    with running(place, REGISTER_ERRORS_URL="https://errors.example"):
        assert (
            json.loads(get(place.register, "/environment"))["REGISTER_ERRORS_URL"] == "https://errors.example"
        )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(place: Place, number: signal.Signals) -> None:
    with running(place) as found:
        found.process.send_signal(number)
        assert found.ended()[0] == 128 + number


def test_a_killed_supervisor_leaves_nothing_behind_and_the_next_one_starts_at_once(place: Place) -> None:
    with running(place) as found:
        found.process.kill()
        found.process.communicate()
        with running(place):
            assert get(place.register, "/readyz")
    assert left_behind(place) == []


def test_a_service_that_crashes_stops_everything_and_is_named(place: Place) -> None:
    with running(place) as found:
        with pytest.raises((OSError, http.client.HTTPException)):
            get(place.gateway, "/crash")
        code, errors = found.ended()
    assert code == 3
    assert (
        errors == "The gateway ended by itself (exit code 7), so all is stopped; what it said stands above.\n"
    )


def test_a_server_that_dies_stops_everything_with_one_sentence(place: Place) -> None:
    with running(place) as found:
        os.kill(postmaster(place), signal.SIGKILL)
        code, errors = found.ended()
    assert code == 1
    assert errors.startswith("PostgreSQL")
    assert errors.count("\n") == 1


def test_a_taken_port_is_one_sentence_and_nothing_is_started(place: Place) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = place.once("run", GATEWAY_PORT=str(port))
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert outcome.stderr == (
        f"Port {port}, which the gateway needs, is taken by another program: "
        "stop that one, or choose another port with GATEWAY_PORT=<number>.\n"
    )


def test_a_second_supervisor_is_refused_with_one_sentence(place: Place) -> None:
    with running(place) as found:
        for command in ("run", "migrate", "reset"):
            outcome = place.once(command)
            assert outcome.returncode == 1
            assert outcome.stderr.startswith(f"It runs here already (process {found.process.pid})")
            assert outcome.stderr.count("\n") == 1


def test_a_damaged_data_folder_is_one_sentence(place: Place) -> None:
    version = place.data / "pg" / "PG_VERSION"
    kept = version.read_text()
    version.unlink()
    try:
        outcome = place.once("run")
    finally:
        version.write_text(kept)
    assert outcome.returncode == 1
    assert "are damaged (it has no PG_VERSION)" in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_a_server_of_ones_own_that_does_not_answer_is_one_sentence(place: Place) -> None:
    port, _ = free_ports()
    outcome = place.once("run", DATABASE_URL=f"postgres://me:secret@127.0.0.1:{port}/postgres")
    assert outcome.returncode == 1
    assert outcome.stderr.startswith(f"The PostgreSQL server at 127.0.0.1:{port}/postgres cannot be used")
    assert "secret" not in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_another_kind_of_database_is_refused_with_one_sentence(place: Place) -> None:
    outcome = place.once("run", DATABASE_URL="mysql://me:secret@db/x")
    assert outcome.returncode == 1
    assert outcome.stderr.count("\n") == 1
    assert "secret" not in outcome.stderr


def test_a_service_that_cannot_load_its_data_is_named(place: Place) -> None:
    jobs = place.root / "services" / "register" / "jobs.py"
    kept = jobs.read_text()
    jobs.write_text('async def prepare(previous):\n    raise RuntimeError("no data")\n')
    try:
        outcome = place.once("run")
    finally:
        jobs.write_text(kept)
    assert outcome.returncode == 3
    assert "RuntimeError: no data" in outcome.stderr
    assert outcome.stderr.endswith(
        "register failed while it was to load its data: the reason stands above.\n"
    )


def test_a_disk_that_fills_while_data_are_loaded_is_one_sentence(place: Place) -> None:
    jobs = place.root / "services" / "register" / "jobs.py"
    kept = jobs.read_text()
    jobs.write_text('async def prepare(previous):\n    raise OSError(28, "full")\n')
    try:
        outcome = place.once("run")
    finally:
        jobs.write_text(kept)
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("The disk that holds ")
    assert outcome.stderr.count("\n") == 1


def test_a_server_of_ones_own_is_used_and_none_is_started_here(place: Place) -> None:
    other = Path(tempfile.mkdtemp(prefix="careers-server-"))
    other.chmod(0o755)
    try:
        with EmbeddedPostgres(other, durable=False) as server:
            url = asyncpg_dsn(server.admin_url).replace("postgresql://", "postgres://")
            with running(place, DATABASE_URL=url) as found:
                assert str(other) not in found.said
                database = json.loads(get(place.register, "/environment"))["REGISTER_DATABASE_URL"]
                assert database.partition("?")[2] == normalise_url(url).partition("?")[2]
                assert server_here(place) == []
    finally:
        shutil.rmtree(other)


def test_a_new_migration_is_applied_at_the_next_start(place: Place) -> None:
    versions = place.root / "services" / "register" / "migrations" / "versions"
    second = versions / "0002_second.py"
    second.write_text(
        'revision = "0002"\ndown_revision = "0001"\n\n'
        "def upgrade():\n    pass\n\ndef downgrade():\n    pass\n"
    )
    outcome = place.once("migrate")
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout == "register: at 0002\ngateway: at 0001\n"


def test_a_revision_is_numbered_and_holds_the_difference(place: Place) -> None:
    tables = place.root / "services" / "gateway" / "storage" / "tables.py"
    tables.write_text(tables.read_text() + 'other = Table("other", metadata, Column("id", Integer))\n')
    outcome = place.once("revision", "gateway", "expand: another table")
    assert outcome.returncode == 0, outcome.stderr
    written = place.root / "services" / "gateway" / "migrations" / "versions" / "0002_expand_another_table.py"
    assert 'create_table("other"' in written.read_text().replace("'", '"')
    assert 'down_revision = "0001"' in written.read_text()


def test_reset_removes_all_data_and_the_next_start_begins_anew(place: Place) -> None:
    with running(place):
        before = sample(place)["clients"]
    outcome = place.once("reset")
    assert outcome.returncode == 0, outcome.stderr
    assert not place.data.exists()
    with running(place):
        assert sample(place)["clients"] != before


def test_reset_leaves_a_server_of_ones_own_alone(place: Place) -> None:
    outcome = place.once("reset", DATABASE_URL="postgres://me:secret@db.example/postgres")
    assert outcome.returncode == 1
    assert "db.example/postgres" in outcome.stderr
    assert "secret" not in outcome.stderr
    assert place.data.exists()


def test_a_folder_without_services_says_so(tmp_path: Path, place: Place) -> None:
    outcome = Place(tmp_path, place.gateway, place.register).once("run")
    assert outcome.returncode == 1
    assert outcome.stderr == f"There is no service in {tmp_path}.\n"
