"""Children that never outlive their parent, and how they are ended."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def dies_with_parent(death: signal.Signals) -> Callable[[], None]:
    """Return what a child does first: ask the kernel to be signalled when its parent goes.

    Only Linux can be asked; elsewhere the parent calls ``watch``.
    """
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork, where it is safe
    parent = os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(death), 0, 0, 0)
        if os.getppid() != parent:  # it went in between
            os._exit(1)

    return ask


def watch(pid: int, death: signal.Signals) -> subprocess.Popen[bytes]:
    """Have a process signalled when this one ends, on systems whose kernel cannot be asked for that.

    The watcher reads from a pipe that only this process holds open: its end is our end.
    """
    script = 'trap "" INT TERM; cat >/dev/null; kill -"$1" "$2" 2>/dev/null'
    return subprocess.Popen(  # noqa: S603 - a fixed script, its values passed as arguments
        ["/bin/sh", "-c", script, "sh", death.name.removeprefix("SIG"), str(pid)],
        stdin=subprocess.PIPE,
        process_group=0,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop a PostgreSQL server: politely, then abruptly, then by force."""
    for wish, seconds in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if process.poll() is None:
            process.send_signal(wish)
        try:
            process.wait(seconds)
            return
        except subprocess.TimeoutExpired:
            continue


def alive(pid: str) -> bool:
    """Tell whether the process with this number, as read from a file, still runs."""
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _only_unburied(pid)


def _only_unburied(pid: str) -> bool:
    """Tell whether a process has ended and its parent has yet to notice."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return state[:1] == ["Z"]
