"""Load over HTTP: by wrk where there is one, otherwise by a small client of our own, so it runs anywhere."""

import asyncio
import os
import re
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

WRK = shutil.which("wrk")
SERVER_CORE, LOAD_CORE = 0, 1
# Takes the next path from a file, so that no two requests in a row are the same.
SCRIPT = """
local paths = {{}}
for line in io.lines("{file}") do paths[#paths + 1] = line end
local at = 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured: for how long, the rate, and the milliseconds that half and nearly all took."""

    seconds: float
    per_second: float
    p50: float
    p99: float


def pin(core: int) -> None:
    """Keep this process on one core, where there is more than one; server and load must not share."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {core})


async def load(port: int, paths: Sequence[str], *, connections: int, seconds: float) -> Load:
    """Ask for the paths in turn on so many connections, and measure; every answer has to be 200."""
    if WRK:
        return await _wrk(WRK, port, paths, connections, seconds)
    return await _own(port, paths, connections, seconds)


async def _wrk(wrk: str, port: int, paths: Sequence[str], connections: int, seconds: float) -> Load:
    with TemporaryDirectory() as folder:
        script = _script(Path(folder), paths)
        process = await asyncio.create_subprocess_exec(
            *(wrk, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency"),
            *("-s", str(script), f"http://127.0.0.1:{port}"),
            stdout=asyncio.subprocess.PIPE,
            preexec_fn=lambda: pin(LOAD_CORE),
        )
        said = (await process.communicate())[0].decode()
    if "Non-2xx" in said or "Requests/sec" not in said:
        raise RuntimeError(f"the server did not answer every request: {said}")
    rate = float(_found(r"Requests/sec:\s+([0-9.]+)", said)[0])
    return Load(max(1, round(seconds)), rate, _milli("50%", said), _milli("99%", said))


def _script(folder: Path, paths: Sequence[str]) -> Path:
    listed, script = folder / "paths", folder / "script.lua"
    listed.write_text("\n".join(paths))
    script.write_text(SCRIPT.format(file=listed))
    return script


def _milli(share: str, said: str) -> float:
    value, unit = _found(rf"{share}\s+([0-9.]+)(us|ms|s)", said)
    return float(value) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


def _found(pattern: str, said: str) -> tuple[str, ...]:
    match = re.search(pattern, said)
    if match is None:
        raise RuntimeError(f"wrk said something unknown: {said}")
    return match.groups()


async def _own(port: int, paths: Sequence[str], connections: int, seconds: float) -> Load:
    """Run our own client in a process of its own, on the core of the load."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.load", str(port), str(connections), str(seconds)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        preexec_fn=lambda: pin(LOAD_CORE),
    )
    said = (await process.communicate("\n".join(paths).encode()))[0].split()
    if process.returncode or len(said) != 3:
        raise RuntimeError("the server did not answer every request")
    return Load(seconds, *map(float, said))


class Client(asyncio.Protocol):
    """One connection that sends the next request as soon as an answer is whole."""

    def __init__(self, requests: Sequence[bytes], first: int, times: list[float]) -> None:
        self.requests, self.next, self.times = requests, first, times
        self.buffer = b""
        self.sent = 0.0
        self.failed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        """Send the next request."""
        self.sent = time.perf_counter()
        self.transport.write(self.requests[self.next % len(self.requests)])  # type: ignore[attr-defined]
        self.next += 1

    def data_received(self, data: bytes) -> None:
        """Take in an answer; its length stands in its head."""
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE) if found else None
        if length is None or len(body) < int(length[1]):
            return
        self.failed |= not head.startswith(b"HTTP/1.1 200")
        self.times.append(time.perf_counter() - self.sent)
        self.buffer = body[int(length[1]) :]
        self.ask()


async def _ask_for(port: int, paths: Sequence[str], connections: int, seconds: float) -> None:
    requests = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() for path in paths]
    times: list[float] = []
    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(lambda n=n: Client(requests, n * 97, times), "127.0.0.1", port))  # type: ignore[misc]
        for n in range(connections)
    ]
    await asyncio.sleep(seconds)
    for transport, _ in clients:
        transport.abort()
    if not times or any(client.failed for _, client in clients):
        raise SystemExit(1)
    times.sort()
    print(len(times) / seconds, times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(
        _ask_for(int(sys.argv[1]), sys.stdin.read().split("\n"), int(sys.argv[2]), float(sys.argv[3]))
    )
