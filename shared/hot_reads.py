"""Connections for hot reads: kept open, each with its statements prepared, and never reset in between.

A pool would cost more than the query, since it wraps a connection, resets it and hands it over each time.
"""

import asyncio
from collections.abc import Mapping
from time import monotonic
from typing import cast

import asyncpg

CONNECT_SECONDS = 10
IDLE_SECONDS = 300
"""A connection that was not used for longer is not trusted: what lies between may have forgotten it."""


class HotReads:
    """At most ``most`` connections, each opened when none is free; the one used last is used first.

    A connection that was lost, or left in the middle of a query, is never used again: the next read opens
    another, so that the database may go and come back.
    """

    def __init__(self, dsn: str, *, most: int, settings: Mapping[str, str]) -> None:
        self._dsn = dsn
        # Statements are planned once: for ones so short, planning anew costs several times the reading.
        self._settings = {**settings, "plan_cache_mode": "force_generic_plan"}
        self._may_read = asyncio.Semaphore(most)
        self._idle: list[tuple[asyncpg.Connection, float]] = []
        self._closed = False

    async def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """Return the rows of one statement, which has to be a read; waits while all connections are busy."""
        async with self._may_read:
            connection = await self._taken()
            try:
                rows = await connection.fetch(statement, *values)
            except (asyncpg.PostgresError, asyncpg.InterfaceError):
                self._give_back(connection)
                raise
            except BaseException:
                connection.terminate()
                raise
            self._give_back(connection)
            return cast(list[asyncpg.Record], rows)

    async def close(self) -> None:
        """Close every connection: those that are reading when their read is done."""
        self._closed = True
        while self._idle:
            await self._idle.pop()[0].close(timeout=CONNECT_SECONDS)

    async def _taken(self) -> asyncpg.Connection:
        if self._closed:
            raise asyncpg.InterfaceError("the connections for hot reads were closed")
        while self._idle:
            connection, since = self._idle.pop()
            if not connection.is_closed() and monotonic() - since < IDLE_SECONDS:
                return connection
            connection.terminate()
        return await asyncpg.connect(self._dsn, timeout=CONNECT_SECONDS, server_settings=self._settings)

    def _give_back(self, connection: asyncpg.Connection) -> None:
        if self._closed:
            connection.terminate()
        else:
            self._idle.append((connection, monotonic()))
