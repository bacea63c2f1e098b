"""Databases to measure on: each asked for by name, made and migrated when it is first asked for."""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

from shared import migrations
from shared.postgres.roles import ServiceUrls, ensure_databases, roles_of
from shared.postgres.server import EmbeddedPostgres
from shared.postgres.urls import asyncpg_dsn

Databases = Callable[..., Awaitable[ServiceUrls]]
"""``await database("people_10000")`` gives a migrated register of that name, the same one every time; another
service is named by a second argument."""
SERVICES = ("register", "cpd", "kitemark")


@contextmanager
def server() -> Iterator[str]:
    """Give a durable server as an installation has it: that of DATABASE_URL, or an embedded one."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="careers-bench-"))
    folder.chmod(0o711)  # ours; so that under root the account of PostgreSQL can walk into it
    try:
        with EmbeddedPostgres(folder) as postgres:
            yield postgres.admin_url
    finally:
        shutil.rmtree(folder)


@asynccontextmanager
async def databases(admin_url: str) -> AsyncIterator[Databases]:
    """Give databases by name, and drop them in the end."""
    passwords = {role: secrets.token_urlsafe(18) for role in roles_of(SERVICES)}
    prefix = f"bench_{secrets.token_hex(4)}_"
    made: dict[tuple[str, str], ServiceUrls] = {}

    def make(name: str, service: str) -> ServiceUrls:
        urls = ensure_databases(admin_url, [service], passwords, prefix=f"{prefix}{name}_")[service]
        migrations.upgrade(service, urls.owner)
        return urls

    async def database(name: str, service: str = "register") -> ServiceUrls:
        if (name, service) not in made:
            made[name, service] = await asyncio.to_thread(make, name, service)
        return made[name, service]

    try:
        yield database
    finally:
        connection = await asyncpg.connect(asyncpg_dsn(admin_url))
        for name, service in made:
            await connection.execute(f'DROP DATABASE "{prefix}{name}_{service}" WITH (FORCE)')
        await connection.close()
