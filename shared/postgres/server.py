"""The embedded PostgreSQL: a real server as a child of this process, for one machine and for tests.

It listens on a private Unix socket only, knows everyone by password, and goes when its parent goes, however
the parent goes. Its data are in the folder ``pg`` of the data folder that it is given.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from shared import folder_lock, processes
from shared.postgres.faults import (
    DataFolderDamaged,
    DataFolderInUse,
    DidNotStart,
    OtherVersion,
    PasswordLost,
    PostgresUnavailable,
    explained,
    plainly,
)
from shared.postgres.files import (
    VERSION,
    Home,
    make_folder,
    settle,
    socket_folder,
    socket_folders,
    state_folder,
)
from shared.postgres.urls import socket_url

SUPERUSER = "postgres"
PORT = 5432
PATIENCE_SECONDS = 900.0
"""How long a server may take to recover after a crash before we give up on it."""

_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/local/bin:/usr/bin:/bin"}
_DURABLE = ("max_wal_size=1GB", "shared_buffers=128MB")
_DISPOSABLE = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=1GB",
    "autovacuum=off",
)
_SAVED_LOG_BYTES = 10_000_000


class EmbeddedPostgres:
    """One PostgreSQL server whose life lies inside that of this process."""

    def __init__(
        self, data_dir: Path, *, durable: bool = True, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        """Name the data folder. ``durable=False`` is quicker and loses everything when the machine stops."""
        self.data_dir = data_dir.absolute()
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self._tell = tell
        self._lock: IO[str] | None = None
        self._socket: Path | None = None
        self._password = ""
        self._log_start = 0

    @property
    def admin_url(self) -> str:
        """The address under the superuser, for making databases and roles."""
        return socket_url(
            role=SUPERUSER, password=self._password, database="postgres", folder=str(self._socket), port=PORT
        )

    @property
    def log(self) -> Path:
        """The file that the server writes its messages to."""
        return self.data_dir / "postgres.log"

    def start(self) -> None:
        """Start the server, making its data where there are none, and return when it answers."""
        make_folder(self.data_dir)
        try:
            self._lock = folder_lock.take(self.data_dir / "postgres.lock")
            home = settle(self.data_dir)
            self._password = self._superuser_password(home)
            self._socket = socket_folder(self.data_dir, home)
            if not home.cluster.exists():
                self._initialise(home)
            _check_version(home.cluster)
            self._run(home)
        except folder_lock.LockHeld as held:
            raise DataFolderInUse(pid=held.pid, folder=self.data_dir) from None
        except OSError as fault:
            self.stop()
            raise plainly(fault, self.data_dir) from fault
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server and leave no process, socket or lock behind; nothing to do is fine."""
        if self.process:
            processes.end(self.process)
            self.process = None
        if self._socket:
            shutil.rmtree(self._socket, ignore_errors=True)
            self._socket = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def failure(self) -> PostgresUnavailable:
        """Say why the server ended or did not start, from what it wrote to its log."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return explained(log.read().decode(errors="replace"), folder=self.data_dir, log=self.log)

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    def _superuser_password(self, home: Home) -> str:
        file = self.data_dir / "postgres-password"
        if file.exists():
            return file.read_text().strip()
        if home.cluster.exists():
            raise PasswordLost(file=file)
        password = secrets.token_urlsafe(24)
        _write_private(file, password)
        return password

    def _initialise(self, home: Home) -> None:
        """Make the data under another name first, so that a half-made folder is never taken for data."""
        self._tell("Making a new database in " + str(home.cluster))
        draft = home.cluster.with_name(home.cluster.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        home.give(draft)
        assert self._socket  # noqa: S101 - set by start
        secret = self._socket / "password"
        _write_private(secret, self._password)
        home.give(secret)
        command = [
            *(home.programs / "initdb", "-D", draft, "-U", SUPERUSER, f"--pwfile={secret}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"),
            *(() if self.durable else ("--no-sync",)),
        ]
        outcome = self._spawn(
            command, home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, death=signal.SIGKILL
        )
        said = outcome.communicate()[0].decode(errors="replace")
        secret.unlink()
        if outcome.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            raise explained(said, folder=self.data_dir, log=self.log)
        draft.rename(home.cluster)

    def _run(self, home: Home) -> None:
        # Private: a message may quote the row that it is about.
        with os.fdopen(os.open(self.log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab") as log:
            if os.fstat(log.fileno()).st_size > _SAVED_LOG_BYTES:
                log.truncate(0)
            self._log_start = os.fstat(log.fileno()).st_size
            options = [
                "listen_addresses=",
                f'unix_socket_directories="{self._socket}"',
                "unix_socket_permissions=0700",
                "jit=off",
                "timezone=UTC",
                "log_timezone=UTC",
                *(_DURABLE if self.durable else _DISPOSABLE),
            ]
            command = [home.programs / "postgres", "-D", home.cluster, "-p", str(PORT)]
            for option in options:
                command += ["-c", option]
            self.process = self._spawn(command, home, stdout=log, stderr=log, death=signal.SIGINT)
        self._await_ready(home.cluster)

    def _spawn(
        self, command: list[Any], home: Home, *, stdout: Any, stderr: Any, death: signal.Signals
    ) -> subprocess.Popen[bytes]:
        """Start a program in a process group of its own, so that the terminal's Ctrl-C is not for it."""
        assert self._lock  # noqa: S101 - set by start
        # The lock is passed on, so that it is free only when no process touches the data any more.
        process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
            command,
            cwd="/",
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            process_group=0,
            pass_fds=(self._lock.fileno(),),
            preexec_fn=processes.dies_with_parent(death),
            **home.spawn_options(),
        )
        if sys.platform != "linux":
            processes.watch(process.pid, death)
        return process

    def _await_ready(self, cluster: Path) -> None:
        assert self.process  # noqa: S101 - set by _run
        started = time.monotonic()
        told = False
        while time.monotonic() - started < PATIENCE_SECONDS:
            if self.process.poll() is not None:
                raise self.failure()
            if _is_ready(cluster / "postmaster.pid", self.process.pid):
                return
            if not told and time.monotonic() - started > 3:
                self._tell("PostgreSQL is recovering after an unclean stop; this can take minutes")
                told = True
            time.sleep(0.005)
        raise DidNotStart(reason="it was still recovering", log=self.log)


def destroy(data_dir: Path) -> None:
    """Remove everything that an embedded server keeps for this data folder, wherever it lies."""
    for folder in (data_dir, state_folder(data_dir)):
        for name in ("pg", "pg.new", "programs"):
            shutil.rmtree(folder / name, ignore_errors=True)
    for folder in (state_folder(data_dir), *socket_folders(data_dir)):  # the latter where it was killed
        shutil.rmtree(folder, ignore_errors=True)
    for name in ("postgres-password", "postgres.log", "postgres.lock"):
        (data_dir / name).unlink(missing_ok=True)


def _is_ready(pid_file: Path, pid: int) -> bool:
    """Read the status line of ``postmaster.pid``, which may be half written."""
    try:
        lines = pid_file.read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def _check_version(cluster: Path) -> None:
    try:
        found = (cluster / "PG_VERSION").read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        raise DataFolderDamaged(folder=cluster, reason="it has no PG_VERSION") from None
    if found != VERSION:
        raise OtherVersion(folder=cluster, found=found or "unknown", wanted=VERSION)


def _write_private(file: Path, text: str) -> None:
    """Write a secret that nobody else can read at any moment, nor half of it."""
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
    draft.rename(file)
