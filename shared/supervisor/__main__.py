"""The one command that runs everything on one machine, and its companions: migrate, revision, reset.

    python -m shared.supervisor run

Ports are bound first, so that a taken one is a clear sentence; then PostgreSQL, migrations, sample data, and
one process per service. Whatever ends it, nothing is left behind.
"""

import argparse
import errno
import gc
import importlib
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any, ClassVar

import asyncpg

from shared import schema_version
from shared.postgres.faults import PostgresUnavailable, explained, plainly
from shared.postgres.roles import ServerTooOld, ServiceUrls, ensure_databases, roles_of, run
from shared.postgres.server import EmbeddedPostgres
from shared.postgres.urls import NotAPostgresAddress, normalise_url, shown
from shared.supervisor import announcement, housekeeping, serving
from shared.supervisor.children import ChildFailed, Family, Task
from shared.supervisor.workplace import CannotStart, Workplace, merged, ports, read_json, write_json

CANNOT_START = 1
CHILD_ENDED = 3

_BEGAN = time.monotonic()


class Stopped(BaseException):
    """Someone asked for the end, by Ctrl-C or by a signal."""

    heard: ClassVar[int | None] = None
    """The signal that was heard: an exception raised while an object is being removed gets lost."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


class NothingToRun(CannotStart):
    """There is no service in {root}."""


class ServerDoesNotAnswer(CannotStart):
    """The PostgreSQL server at {place} cannot be used: {reason}. Mend DATABASE_URL, or leave it out to use
    the embedded server."""


@dataclass
class Supervisor:
    """One run of everything, from the lock to the last child's end."""

    place: Workplace
    given: Mapping[str, str]
    family: Family = field(default_factory=Family)
    instance: str = field(default_factory=lambda: secrets.token_hex(8))
    server: EmbeddedPostgres | None = None

    def run(self) -> None:
        """Start everything, say what there is, and stay until something ends."""
        gc.disable()  # it would look at every module again and again while they are imported
        with ExitStack() as stack:
            stack.enter_context(self.place.lock())
            stack.callback(self._stop)
            services = self._services()
            chosen = ports(services, self.given)
            sockets = {
                service: stack.enter_context(serving.bind(service, chosen[service])) for service in services
            }
            databases = self._migrated(services)
            addresses = {service: f"http://{serving.HOST}:{port}" for service, port in sorted(chosen.items())}
            neighbours = serving.Neighbourhood(
                addresses=addresses,
                databases={service: found.app for service, found in databases.items()},
                signing_keys=self.place.signing_keys,
                clients=self.place.sample,
                instance=self.instance,
            )
            sample = self._serve(sockets, neighbours)
            for service, port in chosen.items():
                serving.await_ready(service, port, instance=self.instance, ended=self._complain)
            self._told(sample, time.monotonic() - _BEGAN)
            gc.enable()
            while True:
                self._complain()
                time.sleep(0.1)

    def migrate(self) -> None:
        """Bring every database to the newest migration."""
        with ExitStack() as stack:
            stack.enter_context(self.place.lock())
            stack.callback(self._stop)
            for service in self._migrated(self._services()):
                say(f"{service}: at {schema_version.head(service, root=self.place.root)}")

    def _services(self) -> list[str]:
        services = self.place.services()
        if not services:
            raise NothingToRun(root=self.place.root)
        return services

    def _migrated(self, services: list[str]) -> dict[str, ServiceUrls]:
        """Return the addresses of the databases, made and migrated where they are not yet.

        A service whose database the user names is left to the user.
        """
        ours = [service for service in services if not self.given.get(f"{service.upper()}_DATABASE_URL")]
        if not ours:
            return {}
        admin_url = self._admin_url()
        try:
            passwords = self.place.passwords(roles_of(ours))
            databases = ensure_databases(admin_url, ours, passwords)
            behind = [service for service in ours if self._is_behind(service, databases[service].owner)]
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ServerTooOld) as fault:
            raise self._plainly(fault, admin_url) from fault
        if behind:
            owners = {service: databases[service].owner for service in behind}
            task = self._task("upgrade", {"owners": owners, "root": str(self.place.root)}, self.given)
            self.family.ask(" and ".join(behind), "migrate the database", task)
        return databases

    def _is_behind(self, service: str, url: str) -> bool:
        return run(schema_version.current(url)) != schema_version.head(service, root=self.place.root)

    def _plainly(self, fault: Exception, admin_url: str) -> Exception:
        """Return the sentence for a server that started, or was there, and cannot be used."""
        reason = str(fault).rstrip(".") or type(fault).__name__
        if not self.server:
            return ServerDoesNotAnswer(place=shown(admin_url), reason=reason)
        if self.server.process and self.server.process.poll() is not None:
            return self.server.failure()
        return explained(f"error: {reason}", folder=self.server.data_dir, log=self.server.log)

    def _admin_url(self) -> str:
        given = self.given.get("DATABASE_URL")
        if given:
            return normalise_url(given)
        self.server = EmbeddedPostgres(self.place.data, tell=say)
        self.server.start()
        return self.server.admin_url

    def _serve(
        self, sockets: Mapping[str, socket.socket], neighbours: serving.Neighbourhood
    ) -> dict[str, Any]:
        """Start every service, all at once; return the samples when each has loaded its data."""
        for library in serving.LIBRARIES if self.family.forks else ():
            importlib.import_module(library)  # once here, so that the children need not
        kept = read_json(self.place.sample)
        told = {service: neighbours.settings(service, self.given) for service in sockets}
        write_json(self.place.environments, told)
        with ExitStack() as stack:
            answers = {
                service: stack.enter_context(self._started(service, taken, kept, neighbours))
                for service, taken in sockets.items()
            }
            sample = merged(kept, {"addresses": dict(neighbours.addresses)})
            for service, stream in answers.items():
                sample = merged(sample, self.family.hear(service, "load its data", stream))
                if sample != kept:  # kept at once, for secrets come only once
                    write_json(self.place.sample, sample)
        return sample

    def _started(
        self,
        service: str,
        taken: socket.socket,
        previous: Mapping[str, Any],
        neighbours: serving.Neighbourhood,
    ) -> IO[str]:
        """Start one service and return the pipe on which it says what it has loaded."""
        environment = neighbours.environment(service, self.given)
        keys = self.place.signing_keys
        if service == "gateway" and not keys.exists():
            values: dict[str, Any] = {"service": service, "path": str(keys)}
            self.family.ask(service, "make its keys", self._task("make_signing_keys", values, environment))
        read, write = os.pipe()
        values = {"service": service, "descriptor": taken.fileno(), "previous": previous, "answer": write}
        task = self._task("prepare_and_serve", values, environment)
        self.family.start(service, task, keep=(taken.fileno(), write))
        os.close(write)
        taken.close()
        return os.fdopen(read)

    def _complain(self) -> None:
        """Raise when a child or the server has ended by itself, or the end was asked for."""
        if Stopped.heard:
            raise Stopped(Stopped.heard)
        if self.server and self.server.process and self.server.process.poll() is not None:
            raise self.server.failure()
        ended = self.family.ended()
        if ended:
            raise serving.ServiceEnded(service=ended[0], how=serving.how_it_ended(ended[1]))

    def _told(self, sample: Mapping[str, Any], seconds: float) -> None:
        where = shown(self.given["DATABASE_URL"]) if self.server is None else "PostgreSQL, data in .data"
        say(announcement.text(sample, where=where, seconds=seconds))

    def _stop(self) -> None:
        # Being asked again while stopping must not leave half of it behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.family.stop()
        if self.server:
            self.server.stop()

    @staticmethod
    def _task(function: str, values: Mapping[str, Any], environment: Mapping[str, str]) -> Task:
        return Task(f"shared.supervisor.serving:{function}", values, environment)


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    asked = _parser().parse_args(arguments)
    place = Workplace(asked.root.resolve())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop_on_signal)
    commands: dict[str, Callable[[], None]] = {
        "run": lambda: Supervisor(place, os.environ.copy()).run(),
        "migrate": lambda: Supervisor(place, os.environ.copy()).migrate(),
        "sample": lambda: say(announcement.variables(read_json(place.sample))),
        "job": lambda: housekeeping.run_job(place, asked.service, asked.words),
        "reset": lambda: say(housekeeping.reset(place, os.environ)),
        "revision": lambda: housekeeping.write_revision(place, asked.service, asked.message),
    }
    try:
        commands[asked.command]()
    except Stopped as wish:
        say("Stopped.")
        return 128 + wish.number
    except (serving.ServiceEnded, ChildFailed) as fault:
        sys.stderr.write(f"{fault}\n")
        return CHILD_ENDED
    except OSError as fault:
        if fault.errno != errno.ENOSPC:
            raise
        sys.stderr.write(f"{plainly(fault, place.data)}\n")
        return CANNOT_START
    except (CannotStart, PostgresUnavailable, NotAPostgresAddress) as fault:
        sys.stderr.write(f"{fault}\n")
        return CANNOT_START
    return 0


def _stop_on_signal(number: int, _: FrameType | None) -> None:
    Stopped.heard = number
    raise Stopped(number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="supervisor", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=schema_version.ROOT, help="the checkout")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run everything until Ctrl-C")
    commands.add_parser("migrate", help="bring every database to the newest migration")
    commands.add_parser("sample", help="print addresses, clients and numbers as shell variables")
    commands.add_parser("reset", help="remove all data")
    job = commands.add_parser("job", help="run a service's job while it runs here")
    job.add_argument("service")
    job.add_argument("words", nargs=argparse.REMAINDER)
    revision = commands.add_parser("revision", help="write a service's next migration")
    revision.add_argument("service")
    revision.add_argument("message")
    return parser


if __name__ == "__main__":
    sys.exit(main())
