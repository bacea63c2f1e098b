"""The embedded PostgreSQL: where it runs, as whom, and what it says when it cannot."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from shared import folder_lock, processes
from shared.postgres import files
from shared.postgres.faults import (
    DataFolderDamaged,
    DataFolderInUse,
    DiskFull,
    OtherVersion,
    PasswordLost,
    PostgresUnavailable,
)
from shared.postgres.roles import run
from shared.postgres.server import EmbeddedPostgres, destroy
from shared.postgres.urls import asyncpg_dsn
from shared.schema_version import ROOT

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be demoted")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that an unprivileged account can walk to."""
    made = Path(tempfile.mkdtemp(prefix="careers-test-"))
    made.chmod(0o755)
    yield made
    destroy(made / "data")
    shutil.rmtree(made)


async def answer(url: str, question: str) -> str:
    """Ask the server one question."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        return str(await connection.fetchval(question))
    finally:
        await connection.close()


def test_data_outlive_a_stop_in_a_folder_with_spaces(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "da ta" / "deep er")
    with server:
        run(answer(server.admin_url, "SELECT 1 FROM pg_create_physical_replication_slot('kept')"))
    with server:
        assert run(answer(server.admin_url, "SELECT slot_name FROM pg_replication_slots")) == "kept"


def test_letters_are_folded_alike_whatever_the_machine_speaks(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "C")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PGPORT", "1")
    with EmbeddedPostgres(folder / "data", durable=False) as server:
        assert run(answer(server.admin_url, "SELECT lower('ŴYN')")) == "ŵyn"


def test_the_server_is_careful_with_data_and_private(folder: Path) -> None:
    with EmbeddedPostgres(folder / "data") as server:
        shown = {
            name: run(answer(server.admin_url, f"SHOW {name}"))
            for name in (
                "data_checksums",
                "fsync",
                "full_page_writes",
                "jit",
                "listen_addresses",
                "max_wal_size",
            )
        }
        assert shown == {
            "data_checksums": "on",
            "fsync": "on",
            "full_page_writes": "on",
            "jit": "off",
            "listen_addresses": "",
            "max_wal_size": "1GB",
        }
        assert (
            run(
                answer(
                    server.admin_url,
                    "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method != 'scram-sha-256'",
                )
            )
            == "0"
        )
        for name in ("postgres-password", "postgres.log"):
            assert stat.S_IMODE((folder / "data" / name).stat().st_mode) == 0o600


@pytest.mark.usefixtures("cluster")
def test_nobody_comes_in_without_the_password(folder: Path) -> None:
    with EmbeddedPostgres(folder / "data", durable=False) as server:
        wrong = server.admin_url.replace(
            server.admin_url.split("@")[0], "postgresql+asyncpg://postgres:wrong"
        )
        with pytest.raises(asyncpg.InvalidPasswordError):
            run(answer(wrong, "SELECT 1"))


@needs_root
def test_under_root_the_server_is_someone_else_and_no_folder_is_opened_for_it(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    before = permissions(folder, closed, ROOT, Path(sys.prefix))
    data = closed / "data"
    try:
        with EmbeddedPostgres(data, durable=False) as server:
            assert server.process
            assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0
            assert run(answer(server.admin_url, "SELECT 1")) == "1"
            assert files.state_folder(data).exists()
        assert permissions(folder, closed, ROOT, Path(sys.prefix)) == before
    finally:
        destroy(data)
    assert not files.state_folder(data).exists()


def permissions(*folders: Path) -> dict[Path, int]:
    """Return the permissions of folders and of all that leads to them."""
    return {path: path.stat().st_mode for folder in folders for path in (folder, *folder.parents)}


@pytest.mark.usefixtures("cluster")
def test_a_second_server_on_the_same_data_is_refused_at_once(folder: Path) -> None:
    with EmbeddedPostgres(folder / "data", durable=False):
        began = time.monotonic()
        with pytest.raises(DataFolderInUse, match=f"process \\(number {os.getpid()}\\)"):
            EmbeddedPostgres(folder / "data").start()
        assert time.monotonic() - began < 1


@pytest.mark.usefixtures("cluster")
def test_the_server_goes_with_a_parent_that_was_killed_and_its_data_can_be_used_at_once(folder: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from shared.postgres.server import EmbeddedPostgres\n"
        "server = EmbeddedPostgres(Path(sys.argv[1]), durable=False); server.start()\n"
        "print(server.process.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, folder / "data"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    with parent.stdout as said:
        pid = said.readline().strip()
        parent.kill()
        parent.wait()
    with EmbeddedPostgres(folder / "data", durable=False) as server:
        assert not processes.alive(pid)
        assert run(answer(server.admin_url, "SELECT 1")) == "1"


def test_where_the_kernel_does_not_tell_a_watcher_ends_the_server() -> None:
    script = (
        "import signal, subprocess, time; from shared import processes\n"
        "child = subprocess.Popen(['sleep', '600']); processes.watch(child.pid, signal.SIGTERM)\n"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent.stdout as said:
        pid = said.readline().strip()
        parent.kill()
        parent.wait()
    assert gone(pid)


def gone(pid: str) -> bool:
    """Wait until a process is gone."""
    deadline = time.monotonic() + 10
    while processes.alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not processes.alive(pid)


@pytest.fixture(scope="module")
def pattern() -> Iterator[Path]:
    """The data of a server that ran once, to be copied: making them takes longer than the tests."""
    made = Path(tempfile.mkdtemp(prefix="careers-test-"))
    made.chmod(0o755)
    with EmbeddedPostgres(made / "data", durable=False):
        pass
    yield made / "data"
    shutil.rmtree(made)


@pytest.fixture
def cluster(folder: Path, pattern: Path) -> Path:
    """The files of a stopped server whose data folder is ``folder / "data"``."""
    subprocess.run(["cp", "-a", pattern, folder / "data"], check=True)
    return folder / "data" / "pg"


def refusal(folder: Path) -> PostgresUnavailable:
    """Return what starting says, after checking that it leaves no process and no lock."""
    server = EmbeddedPostgres(folder / "data", durable=False)
    with pytest.raises(PostgresUnavailable) as caught:
        server.start()
    assert server.process is None
    folder_lock.take(folder / "data" / "postgres.lock").close()
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("lost", ["PG_VERSION", "global/pg_control", "postgresql.conf", "global"])
def test_damaged_data_are_said_to_be_damaged(folder: Path, cluster: Path, lost: str) -> None:
    if (cluster / lost).is_dir():
        shutil.rmtree(cluster / lost)
    else:
        (cluster / lost).unlink()
    said = refusal(folder)
    assert isinstance(said, DataFolderDamaged), said
    assert "make reset" in str(said)


def test_a_control_file_of_noise_is_damage(folder: Path, cluster: Path) -> None:
    (cluster / "global" / "pg_control").write_bytes(os.urandom(8192))
    assert isinstance(refusal(folder), DataFolderDamaged)


def test_data_of_another_version_are_left_alone(folder: Path, cluster: Path) -> None:
    (cluster / "PG_VERSION").write_text("16\n")
    said = refusal(folder)
    assert isinstance(said, OtherVersion)
    assert "PostgreSQL 16" in str(said)


def test_a_lost_password_file_is_named(folder: Path, cluster: Path) -> None:
    assert cluster.exists()
    (folder / "data" / "postgres-password").unlink()
    assert isinstance(refusal(folder), PasswordLost)


def test_a_folder_half_made_is_made_again(folder: Path, cluster: Path) -> None:
    data = folder / "data"
    cluster.rename(data / "pg.new")
    (data / "pg.new" / "PG_VERSION").unlink()
    with EmbeddedPostgres(data, durable=False) as server:
        assert run(answer(server.admin_url, "SELECT 1")) == "1"
    assert not (data / "pg.new").exists()


@needs_root
def test_a_full_disk_is_said_to_be_full(folder: Path) -> None:
    small = folder / "data"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let root mount")
    try:
        assert isinstance(refusal(folder), DiskFull)
    finally:
        subprocess.run(["umount", small], check=True)


@pytest.mark.usefixtures("cluster")
def test_ctrl_c_of_the_terminal_is_not_for_the_server(folder: Path) -> None:
    with EmbeddedPostgres(folder / "data", durable=False) as server:
        assert server.process
        assert os.getpgid(server.process.pid) != os.getpgid(0)
        assert server.process.poll() is None
        server.process.send_signal(signal.SIGQUIT)
        server.process.wait()
        assert isinstance(server.failure(), PostgresUnavailable)


def test_what_a_killed_server_left_of_its_socket_is_removed_with_its_data(tmp_path: Path) -> None:
    left = files.socket_folders(tmp_path / "data")[0]
    left.mkdir(mode=0o700)
    (left / ".s.PGSQL.5432.lock").touch()
    destroy(tmp_path / "data")
    assert not left.exists()
