"""A lock on a folder: one process and its children hold it, and it is free when the last of them is gone."""

import fcntl
import os
import time
from pathlib import Path
from typing import IO

from shared import processes

DYING_SECONDS = 60.0


class LockHeld(Exception):
    """Another process (number {pid}) holds the lock {path}."""

    def __init__(self, pid: str, path: Path) -> None:
        self.pid = pid
        super().__init__((self.__doc__ or "").format(pid=pid, path=path))


def take(path: Path) -> IO[str]:
    """Take the lock at ``path``, kept until the file is closed in this process and in all that inherited it.

    Children inherit it on purpose: where the parent was killed, this waits for what it left to be gone.
    """
    lock = path.open("a+")
    deadline = time.monotonic() + DYING_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            if processes.alive(holder) or time.monotonic() > deadline:
                lock.close()
                raise LockHeld(holder or "unknown", path) from None
            time.sleep(0.02)
        except BaseException:
            lock.close()
            raise
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock
