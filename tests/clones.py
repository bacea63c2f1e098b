"""Databases for tests: migrated templates, copied ahead of need, emptied behind and used again.

Copying a database costs the system some hundred files, emptying one a few statements. What is used again
holds exactly what its template holds; a database whose schema a test has touched is dropped.
"""

import io
import secrets
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from shared import migrations
from shared.postgres.roles import ServiceUrls, ensure_databases, grant_connect, owner_role, run, urls
from shared.postgres.urls import asyncpg_dsn, with_database

AHEAD = 2

# Rows of the catalogue are new versions wherever a test changed a table, a right, a trigger or a function.
FINGERPRINT = """
    SELECT md5(string_agg(version, ',' ORDER BY version)) FROM (
        SELECT 'c' || oid || ':' || xmin FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'a' || attrelid || ':' || attnum || ':' || a.xmin FROM pg_attribute a
            JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0
        UNION ALL SELECT 'k' || oid || ':' || xmin FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 't' || t.oid || ':' || t.xmin FROM pg_trigger t
        UNION ALL SELECT 'p' || oid || ':' || xmin FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'l' || oid || ':' || xmin FROM pg_policy
        UNION ALL SELECT 's' || setdatabase || ':' || xmin FROM pg_db_role_setting
            WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
        UNION ALL SELECT 'n' || oid || ':' || xmin FROM pg_namespace
        UNION ALL SELECT 'd' || datacl::text FROM pg_database WHERE datname = current_database()
    ) AS versions (version)
"""
TABLES = """
    SELECT c.relname AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.oid
"""
SEQUENCES = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, $2, $3)
    FROM pg_sequences WHERE sequencename = $1
"""
OTHERS_LEAVE = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""

Kind = tuple[str, bool]
"""A service, and whether its reference data is loaded."""

Fill = Callable[[str], Coroutine[Any, Any, None]]
"""Puts content into a template, given the address of its running role."""


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server to test on. ``prefix`` keeps this run's databases apart from all others on it."""

    admin_url: str
    passwords: dict[str, str]
    prefix: str


async def execute(url: str, *statements: str) -> None:
    """Run statements outside any transaction, as CREATE DATABASE needs it."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@dataclass(frozen=True)
class Pristine:
    """What a template holds: rows in COPY's form, where there are any, and where sequences stand."""

    schema: str
    tables: tuple[str, ...]
    rows: dict[str, bytes]
    sequences: dict[str, tuple[int, bool]]


async def pristine(url: str) -> Pristine:
    """Read what a database holds, and how its schema stands."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        schema = await connection.fetchval(FINGERPRINT)
        tables = tuple(row["name"] for row in await connection.fetch(TABLES))
        rows = {name: await _copied_out(connection, name) for name in tables}
        named = [
            row["sequencename"] for row in await connection.fetch("SELECT sequencename FROM pg_sequences")
        ]
        sequences = {
            name: tuple(await connection.fetchrow(f'SELECT last_value, is_called FROM "{name}"'))
            for name in named
        }
    finally:
        await connection.close()
    return Pristine(schema, tables, {name: content for name, content in rows.items() if content}, sequences)


async def _copied_out(connection: asyncpg.Connection, table: str) -> bytes:
    taken = io.BytesIO()
    if await connection.fetchval(f'SELECT EXISTS (SELECT FROM "{table}")'):
        await connection.copy_from_table(table, output=taken)
    # One line a row; where a row lies in its table is nobody's business.
    return b"".join(sorted(taken.getvalue().splitlines(keepends=True)))


async def restored(url: str, held: Pristine) -> bool:
    """Bring a database back to what its template holds; say no where its schema is not the same any more."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        await connection.execute(OTHERS_LEAVE)
        if await connection.fetchval(FINGERPRINT) != held.schema:
            return False
        # Neither append-only tables nor foreign keys stand in the way of the administrator of a test server.
        await connection.execute("SET session_replication_role = replica")
        async with connection.transaction():
            await connection.execute(";".join(f'DELETE FROM "{name}"' for name in held.tables))
            for name, content in held.rows.items():
                await connection.copy_to_table(name, source=io.BytesIO(content))
            for name, (last, called) in held.sequences.items():
                await connection.execute(SEQUENCES, name, last, called)
    finally:
        await connection.close()
    return True


class Clones:
    """Hands out databases of one's own. One thread makes the next ones while a test runs."""

    def __init__(self, server: Server, fills: dict[str, Fill]) -> None:
        self._server = server
        self._fills = fills
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="clones")
        self._ready: defaultdict[Kind, deque[Future[str]]] = defaultdict(deque)
        self._free: defaultdict[Kind, deque[str]] = defaultdict(deque)
        self._templates: dict[Kind, str] = {}
        self._held: dict[Kind, Pristine] = {}

    @contextmanager
    def cloned(self, service: str, *, filled: bool = False) -> Iterator[ServiceUrls]:
        """Give a migrated database of a service; ``filled`` has its reference data loaded too."""
        ready = self._ready[service, filled]
        while len(ready) <= AHEAD:
            ready.append(self._worker.submit(self._make, (service, filled)))
        name = ready.popleft().result()
        try:
            yield urls(self._server.admin_url, service, name, self._server.passwords)
        finally:
            self._worker.submit(self._give_back, (service, filled), name)

    def close(self) -> None:
        """Drop what was made, and the templates."""
        for waiting in self._ready.values():
            for made in waiting:
                if not made.cancel():
                    self._worker.submit(self._drop, made.result())
        self._worker.shutdown()
        for name in [*self._templates.values(), *(name for free in self._free.values() for name in free)]:
            self._drop(name)

    def _make(self, kind: Kind) -> str:
        if self._free[kind]:
            return self._free[kind].popleft()
        name = f"{self._server.prefix}{kind[0]}_{secrets.token_hex(4)}"
        run(self._copy(kind[0], self._template(*kind), name))
        return name

    def _give_back(self, kind: Kind, name: str) -> None:
        """Keep a database for the next test where it can be made as new."""
        if run(self._as_new(kind, name)):
            self._free[kind].append(name)
        else:
            self._drop(name)

    async def _as_new(self, kind: Kind, name: str) -> bool:
        try:
            return await restored(with_database(self._server.admin_url, name), self._held[kind])
        except (asyncpg.PostgresError, OSError):
            return False  # A test may have dropped the database, or broken it for good.

    def _drop(self, name: str) -> None:
        run(execute(self._server.admin_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))

    async def _copy(self, service: str, template: str, name: str) -> None:
        connection = await asyncpg.connect(asyncpg_dsn(self._server.admin_url))
        try:
            await connection.execute(
                f'CREATE DATABASE "{name}" TEMPLATE "{template}"'
                f' OWNER "{owner_role(service)}" STRATEGY wal_log'
            )
            await grant_connect(connection, service, name)
        finally:
            await connection.close()

    def _template(self, service: str, filled: bool) -> str:
        if (service, filled) not in self._templates:
            prefix = self._server.prefix + ("filled_" if filled else "template_")
            made = ensure_databases(self._server.admin_url, [service], self._server.passwords, prefix=prefix)[
                service
            ]
            migrations.upgrade(service, made.owner)
            if filled:
                run(self._fills[service](made.app))
            name = prefix + service
            self._held[service, filled] = run(pristine(with_database(self._server.admin_url, name)))
            self._templates[service, filled] = name
        return self._templates[service, filled]
