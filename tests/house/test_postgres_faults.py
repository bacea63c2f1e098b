"""What the embedded PostgreSQL says when it cannot run."""

import errno
from pathlib import Path

import pytest

from shared.postgres.faults import (
    DataFolderDamaged,
    DataFolderInUse,
    DidNotStart,
    DiskFull,
    FolderNotWritable,
    PostgresUnavailable,
    explained,
    plainly,
)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('PANIC:  could not write to file "pg_wal/xlogtemp.9": No space left on device', DiskFull),
        ('FATAL:  could not open file "global/pg_filenode.map": Permission denied', FolderNotWritable),
        ('FATAL:  data directory "/x" has wrong ownership', FolderNotWritable),
        ("PANIC:  could not locate a valid checkpoint record at 0/1", DataFolderDamaged),
        ("FATAL:  could not create shared memory segment: Cannot allocate memory", DidNotStart),
        (
            'FATAL:  lock file "postmaster.pid" already exists\nHINT:  Is another postmaster (PID 9) running',
            DataFolderInUse,
        ),
        ("", DidNotStart),
    ],
)
def test_what_the_server_wrote_is_turned_into_one_sentence(
    said: str, kind: type[PostgresUnavailable]
) -> None:
    assert type(explained(said, folder=Path("/d"), log=Path("/l"))) is kind


def test_faults_of_the_file_system_are_turned_into_one_sentence() -> None:
    assert isinstance(plainly(OSError(errno.ENOSPC, "x"), Path("/d")), DiskFull)
    assert isinstance(plainly(OSError(errno.EROFS, "Read-only file system"), Path("/d")), FolderNotWritable)
