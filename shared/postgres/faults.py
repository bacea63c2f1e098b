"""Why the embedded PostgreSQL does not run: one sentence each, with what to do about it."""

import errno
import re
from pathlib import Path


class PostgresUnavailable(Exception):
    """PostgreSQL does not run."""

    def __init__(self, **values: object) -> None:
        """Fill the placeholders of the docstring with ``values``."""
        super().__init__(" ".join((self.__doc__ or "").split()).format(**values))


class PostgresNotInstalled(PostgresUnavailable):
    """The embedded PostgreSQL is not installed here: set DATABASE_URL to a PostgreSQL server instead."""


class NoUnprivilegedAccount(PostgresUnavailable):
    """PostgreSQL refuses to run as root, and none of the accounts {accounts} exists: run this as an
    ordinary user."""


class FolderNotOurs(PostgresUnavailable):
    """The folder {folder} belongs to someone else: remove it, or run this as its owner."""


class FolderNotWritable(PostgresUnavailable):
    """The folder {folder} cannot be used ({reason}): give yourself the right to write there."""


class DiskFull(PostgresUnavailable):
    """The disk that holds {folder} is full: make room and start again; nothing that was saved is lost."""


class DataFolderInUse(PostgresUnavailable):
    """Another process (number {pid}) is using the data in {folder}: stop it first."""


class DataFolderDamaged(PostgresUnavailable):
    """The data in {folder} are damaged ({reason}): put back a copy, or run `make reset` to begin again
    without them."""


class OtherVersion(PostgresUnavailable):
    """The data in {folder} were written by PostgreSQL {found}, and this is PostgreSQL {wanted}: move them
    over with pg_dump of the other version, or run `make reset` to begin again without them."""


class PasswordLost(PostgresUnavailable):
    """The password file {file} is missing, so that nobody can open the data: put it back, or run
    `make reset` to begin again without them."""


class DidNotStart(PostgresUnavailable):
    """PostgreSQL did not start ({reason}): its log is {log}."""


_DAMAGE = re.compile(
    r"PANIC|could not (open|read|access|locate|find|load|map|create) (the )?"
    r"(file|directory|control file|a valid checkpoint|server configuration|checkpoint|lock file|data)"
    r"|invalid (data|page|checkpoint|magic|record)|corrupt|incorrect checksum|not a valid"
    r"|incompatible with server"
)


def plainly(fault: OSError, folder: Path) -> PostgresUnavailable:
    """Return the sentence for a fault of the file system."""
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(folder=folder)
    return FolderNotWritable(folder=folder, reason=(fault.strerror or str(fault)).lower())


def explained(said: str, *, folder: Path, log: Path) -> PostgresUnavailable:
    """Return the sentence for what the server or ``initdb`` wrote before it gave up."""
    grave = re.findall(r"(?:FATAL|PANIC|error|could not):?\s+(.+)", said)
    reason = grave[0].strip().rstrip(".") if grave else "it did not say why"
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return DiskFull(folder=folder)
    in_use = re.search(r"Is another postmaster \(PID (\d+)\)", said)
    if in_use:
        return DataFolderInUse(pid=in_use[1], folder=folder)
    if "Permission denied" in said or "wrong ownership" in said or "Read-only file system" in said:
        return FolderNotWritable(folder=folder, reason=reason)
    if _DAMAGE.search(said):
        return DataFolderDamaged(folder=folder, reason=reason)
    return DidNotStart(reason=reason, log=log)
