"""How every service's database is migrated: one Alembic environment, used by five-line ``env.py`` files.

Revisions are numbered files (``0007_add_suspension_reason.py``), so that two people who add one collide in
git and not in production. ``shared.schema_version`` answers cheaply whether there is anything to do.
"""

import asyncio
import os
from pathlib import Path

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from shared.postgres.roles import app_role
from shared.postgres.urls import normalise_url
from shared.schema_version import ROOT, versions_folder

LOCK_TIMEOUT = "4s"
"""How long a migration may wait for a lock: everyone else queues behind it for as long."""

_ONE_AT_A_TIME = 0x6D696772617465


class MigrationUrlMissing(Exception):
    """Set {variable} to the address of the database under the role that owns it."""

    def __init__(self, variable: str) -> None:
        super().__init__((self.__doc__ or "").format(variable=variable))


def run_env(metadata: MetaData) -> None:
    """Run the migrations that the Alembic command asks for, against the tables in ``metadata``."""
    url = _url()
    if context.is_offline_mode():
        context.configure(url=url, target_metadata=metadata, literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(_run_online(url, metadata))
    finally:
        loop.close()


def upgrade(service: str, url: str, *, root: Path = ROOT, revision: str = "head") -> None:
    """Bring the database at ``url`` (under its owner) to ``revision``."""
    command.upgrade(config(service, url, root=root), revision)


def downgrade(service: str, url: str, *, root: Path = ROOT, revision: str = "base") -> None:
    """Take the database at ``url`` back to ``revision``."""
    command.downgrade(config(service, url, root=root), revision)


def check(service: str, url: str, *, root: Path = ROOT) -> None:
    """Raise unless the migrations make exactly the tables that the code describes."""
    command.check(config(service, url, root=root))


def write_revision(service: str, url: str, message: str, *, root: Path = ROOT) -> None:
    """Write the next numbered migration: the difference between the tables described and those at ``url``."""
    numbers = [int(file.name.split("_")[0]) for file in versions_folder(service, root=root).glob("[0-9]*.py")]
    number = f"{max(numbers, default=0) + 1:04}"
    command.revision(config(service, url, root=root), message=message, rev_id=number, autogenerate=True)


def config(service: str, url: str, *, root: Path = ROOT) -> Config:
    """Return the service's section of ``alembic.ini``, aimed at ``url``."""
    return Config(root / "alembic.ini", ini_section=service, attributes={"url": url})


def _url() -> str:
    variable = f"{context.config.config_ini_section.upper()}_MIGRATION_URL"
    url = context.config.attributes.get("url") or os.environ.get(variable)
    if not url:
        raise MigrationUrlMissing(variable)
    return normalise_url(url)


async def _run_online(url: str, metadata: MetaData) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            # Two deployments at once: the second waits for the first, then finds nothing to do.
            await connection.execute(text(f"SELECT pg_advisory_lock({_ONE_AT_A_TIME})"))
            await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            await connection.commit()
            await connection.run_sync(_run, metadata)
            await _let_the_service_ask(connection)
    finally:
        await engine.dispose()


async def _let_the_service_ask(connection: AsyncConnection) -> None:
    """Let the running role read which revision the database stands at, for its readiness."""
    if await connection.scalar(text("SELECT to_regclass('alembic_version')")):
        role = app_role(context.config.config_ini_section)
        await connection.execute(text(f'GRANT SELECT ON alembic_version TO "{role}"'))
    await connection.commit()


def _run(connection: Connection, metadata: MetaData) -> None:
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def run_script(script: str) -> None:
    """Run several statements as one: what a migration calls, since the driver prepares only single ones."""
    if context.is_offline_mode():
        op.execute(script)
        return
    connection = op.get_bind().connection.dbapi_connection
    assert connection is not None  # noqa: S101 - a migration runs on an open connection
    connection.run_async(lambda driver: driver.execute(script))
