"""Real servers to measure: one uvicorn process each, on the core of the servers."""

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from tests.bench.load import SERVER_CORE, pin

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time that the server has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@asynccontextmanager
async def served(factory: str, environment: Mapping[str, str] | None = None) -> AsyncIterator[Served]:
    """Run an app, named as ``module:factory``, under uvicorn with uvloop and httptools, as in production."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        taken.set_inheritable(True)
        port = taken.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.servers", factory, str(taken.fileno())),
            env={**os.environ, **(environment or {})},
            pass_fds=(taken.fileno(),),
            stderr=asyncio.subprocess.DEVNULL,
            preexec_fn=lambda: pin(SERVER_CORE),
        )
    try:
        await _answers(port)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        await process.wait()


async def _answers(port: int) -> None:
    """Wait until the server takes a request."""
    for _ in range(400):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            said = await reader.read(20)
            writer.close()
        except OSError:
            said = b""
        if said:
            return
        await asyncio.sleep(0.05)
    raise RuntimeError("the server did not start")


def _serve(factory: str, descriptor: int) -> None:
    """Serve an app as the supervisor does."""
    config = uvicorn.Config(
        factory,
        factory=True,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


def register_environment(database_url: str, *, trusted: str = "[]") -> dict[str, str]:
    """Return the settings of a register; ``trusted`` are its issuers, nobody if not said."""
    return {
        "REGISTER_DATABASE_URL": database_url,
        "REGISTER_ENVIRONMENT": "development",
        "REGISTER_TRUSTED_ISSUERS": trusted,
        "REGISTER_ERRORS_URL": "https://errors.test",
        "REGISTER_TOKEN_URL": "https://issuer.test/oauth/token",
        "SUPERVISOR_INSTANCE": secrets.token_hex(4),
    }


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
