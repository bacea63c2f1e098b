"""The supervisor's children: forked with the libraries imported, or started afresh where that is unsafe.

What a child does is named, not passed, so that both ways do the same.
"""

import errno
import importlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any, NoReturn

from shared import processes

POLITE_SECONDS = 8.0

_HEARD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ChildFailed(Exception):
    """{name} failed while it was to {purpose}: the reason stands above."""

    def __init__(self, name: str, purpose: str) -> None:
        super().__init__((self.__doc__ or "").format(name=name, purpose=purpose))


@dataclass(frozen=True)
class Task:
    """What a child does: a function as ``module:name``, its values, and the child's whole environment."""

    function: str
    values: Mapping[str, Any]
    environment: Mapping[str, str]


class Child:
    """A forked process, with the part of ``subprocess.Popen`` that is needed here."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return how the process ended (negative: by which signal), or None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process is known to have ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


class Family:
    """All children of this process: none is forgotten and none is left behind."""

    def __init__(self, *, fork: bool = sys.platform == "linux") -> None:
        self.forks = fork
        self._children: dict[str, Child | subprocess.Popen[bytes]] = {}

    def start(self, name: str, task: Task, *, keep: tuple[int, ...] = (), answer: int | None = None) -> None:
        """Start a child that keeps the file descriptors ``keep`` and writes what it returns to ``answer``."""
        if self.forks:
            self._children[name] = _forked(task, keep=keep, answer=answer)
            return
        passed = keep if answer is None else (*keep, answer)
        work = json.dumps({"function": task.function, "values": dict(task.values), "answer": answer})
        child = subprocess.Popen(
            [sys.executable, "-m", "shared.supervisor.children"],
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **task.environment},
            stdin=subprocess.PIPE,
            pass_fds=passed,
            process_group=0,
            preexec_fn=processes.dies_with_parent(signal.SIGKILL),
        )
        if sys.platform != "linux":
            processes.watch(child.pid, signal.SIGKILL)
        self._children[name] = child
        assert child.stdin  # noqa: S101 - asked for above
        with child.stdin as stream:  # not as an argument: everyone may read those
            stream.write(work.encode())

    def ask(self, name: str, purpose: str, task: Task) -> Any:
        """Run a task in a child and return what it returned; a full disk is raised as an OSError."""
        read, write = os.pipe()
        try:
            self.start(name, task, answer=write)
        finally:
            os.close(write)
        with os.fdopen(read) as stream:
            said = stream.read()
        code = self._await_end(name)
        if code:
            raise _failure(name, purpose, code)
        return json.loads(said)

    def hear(self, name: str, purpose: str, stream: IO[str]) -> Any:
        """Return what a child that goes on running wrote to a pipe; raise when it ended instead."""
        said = stream.read()
        if not said:
            raise _failure(name, purpose, self._await_end(name))
        return json.loads(said)

    def ended(self) -> tuple[str, int] | None:
        """Return the name and exit code of a child that has ended, if one has."""
        for name, child in self._children.items():
            code = child.poll()
            if code is not None:
                return name, code
        return None

    def _await_end(self, name: str) -> int:
        child = self._children[name]
        while (code := child.poll()) is None:
            time.sleep(0.001)
        del self._children[name]
        return code

    def stop(self) -> None:
        """End all children: politely, and after some seconds by force."""
        for child in self._children.values():
            child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + POLITE_SECONDS
        while any(child.poll() is None for child in self._children.values()):
            if time.monotonic() > deadline:
                for child in self._children.values():
                    child.send_signal(signal.SIGKILL)
            time.sleep(0.005)
        self._children.clear()


def _failure(name: str, purpose: str, code: int) -> Exception:
    if code == errno.ENOSPC:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return ChildFailed(name, purpose)


def run_task(function: str, values: Mapping[str, Any], answer: int | None) -> None:
    """Do what a task says, in the process that is meant for it."""
    module, _, name = function.partition(":")
    work: Callable[..., Any] = getattr(importlib.import_module(module), name)
    said = work(**values)
    if answer is not None:
        with os.fdopen(answer, "w") as stream:
            json.dump(said, stream)


def _forked(task: Task, *, keep: tuple[int, ...], answer: int | None) -> Child:
    ask_to_die = processes.dies_with_parent(signal.SIGKILL)
    sys.stdout.flush()
    sys.stderr.flush()
    # A signal must not run the parent's handlers in the child before they are taken away there.
    signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
    try:
        pid = os.fork()
        if pid == 0:
            _be_child(task, ask_to_die, keep=keep, answer=answer)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
    return Child(pid)


def _be_child(
    task: Task, ask_to_die: Callable[[], None], *, keep: tuple[int, ...], answer: int | None
) -> NoReturn:
    code = 1
    try:
        ask_to_die()
        os.setpgid(0, 0)  # the terminal's Ctrl-C is for the supervisor alone
        for number in _HEARD:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
        _close_sockets_except(keep)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.clear()
        os.environ.update(task.environment)
        run_task(task.function, task.values, answer)
        code = 0
    except SystemExit as wish:
        code = wish.code if isinstance(wish.code, int) else 1
    except BaseException as fault:
        code = _told(fault)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _told(fault: BaseException) -> int:
    """Say what went wrong and return the exit code; a full disk is for the parent to say."""
    cause: BaseException | None = fault
    while cause is not None:
        # Of the file system, or the code by which PostgreSQL says the same.
        if getattr(cause, "errno", None) == errno.ENOSPC or getattr(cause, "sqlstate", None) == "53100":
            return errno.ENOSPC
        cause = cause.__cause__ or cause.__context__
    traceback.print_exception(fault)
    return 1


def _close_sockets_except(keep: tuple[int, ...]) -> None:
    """Let go of the listening sockets of the other services, so that each port is in one process only.

    Their numbers stay taken: objects that were inherited still hold them, and would close what comes next.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for entry in os.listdir("/proc/self/fd"):
        number = int(entry)
        try:
            is_socket = os.readlink(f"/proc/self/fd/{number}").startswith("socket:")
        except OSError:
            continue
        if is_socket and number > 2 and number not in keep:
            os.dup2(nothing, number, inheritable=False)
    os.close(nothing)


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    try:
        run_task(asked["function"], asked["values"], asked["answer"])
    except Exception as fault:
        sys.exit(_told(fault))
