"""Databases for tests: migrated templates, copied ahead of need on the other core and dropped behind."""

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
from shared.postgres.urls import asyncpg_dsn

AHEAD = 2

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


class Clones:
    """Hands out databases of one's own. One thread makes the next ones while a test runs."""

    def __init__(self, server: Server, fills: dict[str, Fill]) -> None:
        self._server = server
        self._fills = fills
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="clones")
        self._ready: defaultdict[tuple[str, bool], deque[Future[str]]] = defaultdict(deque)
        self._templates: dict[tuple[str, bool], str] = {}

    @contextmanager
    def cloned(self, service: str, *, filled: bool = False) -> Iterator[ServiceUrls]:
        """Give a migrated database of a service; ``filled`` has its reference data loaded too."""
        ready = self._ready[service, filled]
        while len(ready) <= AHEAD:
            ready.append(self._worker.submit(self._make, service, filled))
        name = ready.popleft().result()
        try:
            yield urls(self._server.admin_url, service, name, self._server.passwords)
        finally:
            self._worker.submit(self._drop, name)

    def close(self) -> None:
        """Drop what was made ahead, and the templates."""
        for waiting in self._ready.values():
            for made in waiting:
                if not made.cancel():
                    self._worker.submit(self._drop, made.result())
        self._worker.shutdown()
        for name in self._templates.values():
            self._drop(name)

    def _make(self, service: str, filled: bool) -> str:
        name = f"{self._server.prefix}{service}_{secrets.token_hex(4)}"
        run(self._copy(service, self._template(service, filled), name))
        return name

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
            self._templates[service, filled] = prefix + service
        return self._templates[service, filled]
