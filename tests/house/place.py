"""A checkout of toy services, and what a test does with it: start it, ask it, look at what it leaves."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared import processes
from shared.schema_version import ROOT


@dataclass
class Place:
    """A checkout of toys and the ports that are free for it."""

    root: Path
    gateway: int
    register: int

    @property
    def data(self) -> Path:
        """The folder of the data."""
        return self.root / ".data"

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a person at a plain terminal."""
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return kept | {
            "PYTHONPATH": f"{self.root}{os.pathsep}{ROOT}",
            "GATEWAY_PORT": str(self.gateway),
            "REGISTER_PORT": str(self.register),
            **more,
        }

    def command(self, *words: str) -> list[str]:
        """Return the command line of the supervisor."""
        return [sys.executable, "-m", "shared.supervisor", "--root", str(self.root), *words]

    def once(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command that ends by itself."""
        return subprocess.run(
            self.command(*words),
            cwd=self.root,
            env=self.environment(**more),
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )


def free_ports() -> tuple[int, int]:
    """Return two ports that nobody uses."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@dataclass
class Running:
    """A supervisor that has said that it is ready."""

    process: subprocess.Popen[str]
    said: str

    def ended(self, *, seconds: float = 60) -> tuple[int, str]:
        """Return the exit code and what it wrote as errors."""
        _, errors = self.process.communicate(timeout=seconds)
        return self.process.returncode, errors


@contextmanager
def running(place: Place, **more: str) -> Iterator[Running]:
    """Start everything and wait until it is ready; afterwards nothing of it is left."""
    process = subprocess.Popen(
        place.command("run"),
        cwd=place.root,
        env=place.environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line)
            if line.startswith("ready in"):
                break
        else:
            raise AssertionError(f"it did not get ready: {''.join(lines)} {process.communicate()[1]}")
        yield Running(process, "".join(lines))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
    assert left_behind(place) == []


def left_behind(place: Place) -> list[str]:
    """Return the command lines of processes that belong to this place, waiting for the last of them."""
    deadline = time.monotonic() + 60
    while (found := belonging(place)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def belonging(place: Place) -> list[str]:
    """Return the command lines of the processes that name this place."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or not processes.alive(folder.name):
            continue
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            where = str((folder / "cwd").readlink())
        except OSError:
            continue
        if str(place.root) in line or str(place.root) in where:
            found.append(line)
    return found


def get(port: int, path: str) -> str:
    """Ask a service."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def sample(place: Place) -> dict[str, Any]:
    """Return what scripts read."""
    read: dict[str, Any] = json.loads((place.data / "sample.json").read_text())
    return read


def postmaster(place: Place) -> int:
    """Return the number of the server's process."""
    mine = {folder.name for folder in Path("/proc").iterdir() if folder.name.isdigit()}
    for pid in mine:
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if line[0].endswith("/postgres") and str(place.data / "pg") in line:
            return int(pid)
    raise AssertionError("there is no server")


def server_here(place: Place) -> list[str]:
    """Return the servers that run on this place's data."""
    return [line for line in belonging(place) if "postgres" in line.split()[0]]
