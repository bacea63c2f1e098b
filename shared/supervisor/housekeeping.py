"""What is done beside running: a service's jobs, writing the next migration, removing all data."""

import importlib
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from shared.postgres.roles import ensure_databases, roles_of
from shared.postgres.server import EmbeddedPostgres, destroy
from shared.postgres.urls import normalise_url, shown
from shared.supervisor.workplace import CannotStart, RunsAlready, RunsNot, Workplace, read_json


class NotOursToReset(CannotStart):
    """DATABASE_URL names a server at {place}, and its data are not removed from here: drop the databases
    {databases} there, or run this without DATABASE_URL to remove only the data folder."""


def run_job(place: Workplace, service: str, words: Sequence[str]) -> NoReturn:
    """Become a job of a service that runs here, in that service's environment and under its runtime role."""
    try:
        place.lock().close()
    except RunsAlready:
        told = read_json(place.environments).get(service)
    else:
        told = None
    if told is None:
        raise RunsNot(service=service)
    command = [sys.executable, "-m", f"services.{service}.jobs", *words]
    os.execve(sys.executable, command, {**os.environ, **told})  # noqa: S606 - our own program


def write_revision(place: Workplace, service: str, message: str) -> None:
    """Write the service's next migration, compared with a database of its own that is thrown away."""
    folder = Path(tempfile.mkdtemp(prefix="careers-revision-"))
    try:
        folder.chmod(0o711)
        with EmbeddedPostgres(folder, durable=False) as server:
            passwords = {role: secrets.token_urlsafe(18) for role in roles_of([service])}
            owner = ensure_databases(server.admin_url, [service], passwords)[service].owner
            migrations = importlib.import_module("shared.migrations")
            migrations.upgrade(service, owner, root=place.root)
            migrations.write_revision(service, owner, message, root=place.root)
    finally:
        shutil.rmtree(folder)


def reset(place: Workplace, given: Mapping[str, str]) -> str:
    """Remove all data of this checkout's own server and everything made for them; return what to say."""
    if given.get("DATABASE_URL"):
        names = ", ".join(place.services())
        raise NotOursToReset(place=shown(normalise_url(given["DATABASE_URL"])), databases=names)
    with place.lock():
        destroy(place.data)
        shutil.rmtree(place.data)
    return "All data are gone; the next start begins with new ones."
