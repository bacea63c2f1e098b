"""One database per service, each with a role that owns and migrates it and a role that runs the service.

Nobody but its two roles may connect to a service's database, and the running role gets nothing that a
migration does not grant. ``deploy/databases.sql`` does the same by hand.
"""

import asyncio
import base64
import hashlib
import hmac
import os
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg

from shared.postgres.urls import asyncpg_dsn, normalise_url, with_database, with_role

T = TypeVar("T")

_SCRAM_ITERATIONS = 4096
_OLDEST = 160000
_ROLES = 0x726F6C6573
_BUILTIN_LOCALE = 170000


@dataclass(frozen=True)
class ServiceUrls:
    """How one service's database is reached: by the role that migrates, and by the role that runs."""

    owner: str
    app: str


class ServerTooOld(Exception):
    """The PostgreSQL server is version {found}, and at least version 16 is needed."""

    def __init__(self, found: str) -> None:
        super().__init__((self.__doc__ or "").format(found=found))


def owner_role(service: str) -> str:
    """Return the role that owns and migrates the service's database."""
    return f"{service}_owner"


def app_role(service: str) -> str:
    """Return the role that the running service connects as."""
    return f"{service}_app"


def roles_of(services: Sequence[str]) -> list[str]:
    """Return every role that the services need a password for."""
    return [role for service in services for role in (owner_role(service), app_role(service))]


def urls(admin_url: str, service: str, database: str, passwords: Mapping[str, str]) -> ServiceUrls:
    """Return the addresses of ``database`` under the two roles of the service."""
    place = with_database(normalise_url(admin_url), database)
    owner, app = owner_role(service), app_role(service)
    return ServiceUrls(with_role(place, owner, passwords[owner]), with_role(place, app, passwords[app]))


def ensure_databases(
    admin_url: str, services: Sequence[str], passwords: Mapping[str, str], *, prefix: str = ""
) -> dict[str, ServiceUrls]:
    """Bring roles, databases and their rights to what they should be; repeating it changes nothing.

    The admin needs no more than CREATEDB and CREATEROLE. ``prefix`` is put before the names of the databases,
    so that tests can stand beside real data on one server.
    """
    return run(_ensure(admin_url, services, passwords, prefix))


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a loop of its own, leaving the thread's current loop as it was."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        # Connections that were closed are let go of one turn later; a loop closed before leaves them open.
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def grant_connect(connection: asyncpg.Connection, service: str, database: str) -> None:
    """Let the two roles of the service, and nobody else, connect; a copied database begins without this."""
    await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    both = f'"{owner_role(service)}", "{app_role(service)}"'
    # TEMPORARY: an import copies its rows into a temporary table first.
    await connection.execute(f'GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO {both}')


def scram_verifier(password: str, *, salt: bytes | None = None) -> str:
    """Return what PostgreSQL stores for a password, so that the password itself never reaches its log."""
    salt = salt or os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _SCRAM_ITERATIONS)
    client = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt64, client64, server64 = (base64.b64encode(part).decode() for part in (salt, client, server))
    return f"SCRAM-SHA-256${_SCRAM_ITERATIONS}:{salt64}${client64}:{server64}"


async def _ensure(
    admin_url: str, services: Sequence[str], passwords: Mapping[str, str], prefix: str
) -> dict[str, ServiceUrls]:
    connection = await asyncpg.connect(asyncpg_dsn(admin_url))
    try:
        version = connection.get_server_version()
        if version.major * 10000 < _OLDEST:
            raise ServerTooOld(str(version.major))
        # Roles are the server's, and two who change one at once fail; the lock ends with the connection.
        await connection.execute("SELECT pg_advisory_lock($1)", _ROLES)
        for role in roles_of(services):
            await _ensure_role(connection, role, passwords[role])
        for service in services:
            await _ensure_database(connection, service, prefix + service)
    finally:
        await connection.close()
    for service in services:
        await _ensure_schema(with_database(admin_url, prefix + service), service)
    return {service: urls(admin_url, service, prefix + service, passwords) for service in services}


async def _ensure_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
        await connection.execute(f'CREATE ROLE "{role}" LOGIN NOINHERIT')
    await connection.execute(f"ALTER ROLE \"{role}\" PASSWORD '{scram_verifier(password)}'")


async def _ensure_database(connection: asyncpg.Connection, service: str, database: str) -> None:
    owner = owner_role(service)
    # Only a member of the owner may make a database for it; a superuser is a member of everything.
    if not await connection.fetchval("SELECT pg_has_role(current_user, $1, 'SET')", owner):
        await connection.execute(f'GRANT "{owner}" TO CURRENT_USER WITH INHERIT TRUE, SET TRUE')
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
        builtin = connection.get_server_version().major * 10000 >= _BUILTIN_LOCALE
        locale = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'" if builtin else "LOCALE 'C.UTF-8'"
        await connection.execute(
            f'CREATE DATABASE "{database}" OWNER "{owner}" TEMPLATE template0 ENCODING \'UTF8\' {locale}'
        )
    await grant_connect(connection, service, database)


async def _ensure_schema(url: str, service: str) -> None:
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        await connection.execute(f'GRANT USAGE ON SCHEMA public TO "{app_role(service)}"')
    finally:
        await connection.close()
