"""What surrounds one running service on one machine: its port, its environment, its server, its readiness."""

import asyncio
import errno
import gc
import http.client
import importlib
import importlib.util
import inspect
import json
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from shared.supervisor.workplace import PORTS, CannotStart

HOST = "127.0.0.1"
AUDIENCE = "careers-register"
REVOCATIONS = "/.well-known/revocations.json"
READY_SECONDS = 120.0
LIBRARIES = ("uvloop", "httptools", "shared.health", "shared.http", "shared.telemetry")
"""What every service imports, with all that these import: the larger part of the time that starting takes."""


class PortTaken(CannotStart):
    """Port {port}, which the {service} needs, is taken by another program: stop that one, or choose another
    port with {variable}=<number>."""


class PortNotAllowed(CannotStart):
    """Port {port} for the {service} may not be used ({reason}): choose another with {variable}=<number>."""


class NotReady(CannotStart):
    """The {service} did not get ready within {seconds:.0f} seconds; it last said: {said}"""


class ServiceEnded(CannotStart):
    """The {service} ended by itself ({how}), so all is stopped; what it said stands above."""


@dataclass(frozen=True)
class Neighbourhood:
    """What every service on this machine is told about itself and the others."""

    addresses: Mapping[str, str]
    databases: Mapping[str, str]
    signing_keys: Path
    clients: Path
    instance: str

    def environment(self, service: str, given: Mapping[str, str]) -> dict[str, str]:
        """Return one service's whole environment: what the user set wins, no one else's secret is in it."""
        own = f"{service.upper()}_"
        strange = tuple(f"{name.upper()}_" for name in PORTS if name != service)
        kept = {
            name: value
            for name, value in given.items()
            if not name.startswith(strange) and name not in ("DATABASE_URL", f"{own}MIGRATION_URL")
        }
        return {**self._usual(service, own), **kept, "SUPERVISOR_INSTANCE": self.instance}

    def settings(self, service: str, given: Mapping[str, str]) -> dict[str, str]:
        """Return only what is the service's own in its environment."""
        own = f"{service.upper()}_"
        told = self.environment(service, given)
        return {name: value for name, value in told.items() if name.startswith(own)}

    def _usual(self, service: str, own: str) -> dict[str, str]:
        issuer = self.addresses.get("gateway", f"http://{HOST}:{PORTS['gateway']}")
        trusted = {
            "issuer": issuer,
            "jwks_url": f"{issuer}/.well-known/jwks.json",
            "revocations_url": f"{issuer}{REVOCATIONS}",
            "audience": AUDIENCE,
        }
        usual = {
            f"{own}ENVIRONMENT": "development",
            f"{own}TRUSTED_ISSUERS": json.dumps([trusted]),
            f"{own}ERRORS_URL": f"{issuer}/errors",
            f"{own}TOKEN_URL": f"{issuer}/oauth/token",
        }
        if service in self.databases:
            usual[f"{own}DATABASE_URL"] = self.databases[service]
        if service != "gateway":
            usual[f"{own}CREDENTIALS_FILE"] = str(self.clients)
        if service == "gateway":
            usual |= {f"{own}ISSUER": issuer, f"{own}SIGNING_KEYS_FILE": str(self.signing_keys)}
        others = {name: address for name, address in self.addresses.items() if name != service}
        return usual | {f"{own}{name.upper()}_URL": address for name, address in others.items()}


def bind(service: str, port: int) -> socket.socket:
    """Take a service's port before anything else is started; early requests queue there."""
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    variable = f"{service.upper()}_PORT"
    try:
        taken.bind((HOST, port))
        taken.listen(2048)
    except OSError as fault:
        taken.close()
        if fault.errno == errno.EADDRINUSE:
            raise PortTaken(port=port, service=service, variable=variable) from None
        reason = (fault.strerror or str(fault)).lower()
        raise PortNotAllowed(port=port, service=service, variable=variable, reason=reason) from None
    return taken


def serve(service: str, descriptor: int) -> None:
    """Run one service's server on a listening socket that was inherited, until it is told to stop."""
    config = uvicorn.Config(
        f"services.{service}.app:build",
        factory=True,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


def prepare_and_serve(service: str, descriptor: int, previous: dict[str, Any], answer: int) -> None:
    """Load one service's data, say on ``answer`` what came of it, and run its server."""
    made = prepare(service, previous)
    with os.fdopen(answer, "w") as stream:
        json.dump(made, stream)
    # What was imported stays: the collector need not look at it again.
    gc.freeze()
    gc.enable()
    serve(service, descriptor)


def prepare(service: str, previous: dict[str, Any]) -> dict[str, Any]:
    """Have one service load its reference and sample data; return its parts of the sample file."""
    jobs = f"services.{service}.jobs"
    if importlib.util.find_spec(jobs) is None:
        return {}
    work: Callable[..., Any] = importlib.import_module(jobs).prepare
    return dict(asyncio.run(work(previous)))


def make_signing_keys(service: str, path: str) -> None:
    """Have the service that issues tokens make its private keys, readable to nobody else."""
    os.umask(0o077)
    made = importlib.import_module(f"services.{service}.jobs").make_signing_keys(Path(path))
    if inspect.isawaitable(made):
        asyncio.run(_finish(made))


def upgrade(owners: dict[str, str], root: str) -> None:
    """Migrate the services' databases; in a process of its own, for Alembic is slow to import."""
    migrations = importlib.import_module("shared.migrations")
    for service, url in owners.items():
        migrations.upgrade(service, url, root=Path(root))


def await_ready(service: str, port: int, *, instance: str, ended: Callable[[], None]) -> None:
    """Return when the very process started now says that it is ready; ``ended`` raises when it is gone."""
    deadline = time.monotonic() + READY_SECONDS
    said = "nothing"
    while time.monotonic() < deadline:
        ended()
        status, said = _get(port, "/readyz")
        if status == 200 and instance in _get(port, "/livez")[1]:
            return
        time.sleep(0.02)
    raise NotReady(service=service, seconds=READY_SECONDS, said=said[:300])


def how_it_ended(code: int) -> str:
    """Say how a process ended, from its exit code."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


async def _finish(work: Any) -> None:
    await work


def _get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as fault:
        return 0, str(fault)
    finally:
        connection.close()
