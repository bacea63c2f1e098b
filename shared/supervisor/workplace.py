"""The folder in which one machine keeps what belongs to its running copy: data, passwords, keys, samples."""

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from shared import folder_lock
from shared.postgres.faults import plainly

PORTS = {"register": 8001, "cpd": 8002, "kitemark": 8003, "gateway": 8000}
"""Every service that there may be, and its usual port."""


class CannotStart(Exception):
    """It cannot be started."""

    def __init__(self, **values: object) -> None:
        """Fill the placeholders of the docstring with ``values``."""
        super().__init__(" ".join((self.__doc__ or "").split()).format(**values))


class RunsAlready(CannotStart):
    """It runs here already (process {pid}): stop that one first, or use it."""


class RunsNot(CannotStart):
    """{service} does not run here: start it with `make run` in another terminal."""


class NotAPort(CannotStart):
    """{variable} is a port, a number from 1 to 65535, and not {value!r}."""


class FileDamaged(CannotStart):
    """The file {file} is damaged: put back a copy, or run `make reset` to begin again without data."""


@dataclass(frozen=True)
class Workplace:
    """A checkout and its data folder."""

    root: Path

    @property
    def data(self) -> Path:
        """The folder for everything that is not source."""
        return self.root / ".data"

    @property
    def signing_keys(self) -> Path:
        """The file of the gateway's private keys."""
        return self.data / "signing-keys.json"

    @property
    def credentials(self) -> Path:
        """The file of the database roles' passwords."""
        return self.data / "credentials.json"

    @property
    def sample(self) -> Path:
        """The file in which scripts find addresses, clients and numbers."""
        return self.data / "sample.json"

    @property
    def environments(self) -> Path:
        """The file with the environment of each running service, for jobs beside them."""
        return self.data / "environments.json"

    def services(self) -> list[str]:
        """Return the services that are built, in the order in which they are prepared."""
        return [name for name in PORTS if (self.root / "services" / name / "app.py").exists()]

    def lock(self) -> IO[str]:
        """Take this workplace for one supervisor."""
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            return folder_lock.take(self.data / "supervisor.lock")
        except folder_lock.LockHeld as held:
            raise RunsAlready(pid=held.pid) from None
        except OSError as fault:
            raise plainly(fault, self.data) from fault

    def passwords(self, roles: Sequence[str]) -> dict[str, str]:
        """Return the passwords of the roles, making and keeping those that are new."""
        known: dict[str, str] = read_json(self.credentials)
        missing = {role: secrets.token_urlsafe(24) for role in roles if role not in known}
        if missing:
            write_json(self.credentials, known | missing)
        return known | missing


def ports(services: Sequence[str], environment: Mapping[str, str]) -> dict[str, int]:
    """Return the port of each service: the usual one, unless ``GATEWAY_PORT`` or the like says otherwise."""
    return {service: _port(f"{service.upper()}_PORT", PORTS[service], environment) for service in services}


def read_json(file: Path) -> dict[str, Any]:
    """Return the object in a file of ours, or an empty one where there is no file yet."""
    try:
        found = json.loads(file.read_text())
    except FileNotFoundError:
        return {}
    except ValueError:
        raise FileDamaged(file=file) from None
    except OSError as fault:
        raise plainly(fault, file) from fault
    if not isinstance(found, dict):
        raise FileDamaged(file=file)
    return found


def write_json(file: Path, content: Mapping[str, Any]) -> None:
    """Write an object to a file that nobody else can read and that is never seen half written."""
    draft = file.with_name(file.name + ".new")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            json.dump(content, stream, indent=2, ensure_ascii=False)
            stream.write("\n")
        draft.replace(file)
    except OSError as fault:
        raise plainly(fault, file.parent) from fault


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``old`` with the parts of ``new`` put in, at every depth."""
    result = dict(old)
    for key, value in new.items():
        before = result.get(key)
        both = isinstance(before, dict) and isinstance(value, dict)
        result[key] = merged(before or {}, value) if both else value
    return result


def _port(variable: str, usual: int, environment: Mapping[str, str]) -> int:
    value = environment.get(variable) or str(usual)
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        raise NotAPort(variable=variable, value=value)
    return int(value)
