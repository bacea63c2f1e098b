"""The database: an engine, and transactions that are opened where the reader can see them.

An operation writes inside ``async with db.transaction(actor) as tx``. Leaving the block commits, before any
reply; an exception rolls back. Journal lines are collected with ``tx.record`` and written as the last
statement, so that the lock which orders them is held for the commit only.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, NoReturn, Protocol, cast

import asyncpg
from sqlalchemy import Executable, Row, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from shared.actor import Actor
from shared.errors import Refusal, Unavailable, Unprocessable
from shared.hot_reads import HotReads

POOL_SIZE = 8
STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 5_000

_SERVER_SETTINGS = {
    "jit": "off",
    "timezone": "UTC",
    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
    "lock_timeout": str(LOCK_TIMEOUT_MS),
}

# Connection lost, server starting or stopping, disk full, too many connections, time-outs, deadlock:
# the request was sound and may be sent again.
_PASSING_STATES = ("08", "53", "57", "58", "40", "55P03")

# NUL or broken text, and numbers or instants that no column holds; 22000 is the driver's own word for it.
_UNSTORABLE_STATES = ("22000", "22021", "22P05", "22003", "22008")


class DatabaseUnavailable(Unavailable):
    """The database does not answer just now. Nothing was lost: send the same request again shortly."""


class TextNotStorable(Unprocessable):
    """A text contains a character that cannot be stored, such as NUL, or a number is out of range."""


class OncePerKey(Protocol):
    """What a transaction asks of an idempotency key: see ``shared.idempotency``."""

    async def claim(self, tx: "Transaction") -> None:
        """Take the key, or raise what a repeated request gets."""

    async def keep(self, tx: "Transaction") -> None:
        """Store the answer in the transaction of its effect."""


class Transaction:
    """One open transaction. Everything read here is one state; everything written is one step."""

    def __init__(self, connection: AsyncConnection, driver: asyncpg.Connection) -> None:
        self.connection = connection
        self.driver = driver
        self.records: list[Any] = []

    def record(self, record: Any) -> None:
        """Collect a journal record, to be written when the transaction ends.

        One record handed to several writes in a row describes one step, and becomes one line.
        """
        if not self.records or self.records[-1] is not record:
            self.records.append(record)

    async def execute(self, statement: Executable, values: Any = None) -> int:
        """Run a statement and return the number of rows that it touched."""
        result = await self.connection.execute(statement, values)
        return result.rowcount

    async def rows(self, statement: Executable, values: Any = None) -> Sequence[Row[Any]]:
        """Return all rows."""
        return (await self.connection.execute(statement, values)).all()

    async def row(self, statement: Executable, values: Any = None) -> Row[Any] | None:
        """Return the one row, or None."""
        return (await self.connection.execute(statement, values)).one_or_none()

    async def scalar(self, statement: Executable, values: Any = None) -> Any:
        """Return the first column of the one row, or None."""
        return (await self.connection.execute(statement, values)).scalar_one_or_none()


BeforeCommit = Callable[[Transaction], Awaitable[None]]


async def _nothing(_: Transaction) -> None:
    return None


class Database:
    """The database of one service, reached under its runtime role.

    ``before_commit`` writes the journal lines; ``refusals`` names the refusal for each constraint that a
    request can break.
    """

    def __init__(
        self,
        url: str,
        *,
        before_commit: BeforeCommit = _nothing,
        refusals: Mapping[str, type[Refusal]] | None = None,
        pool_size: int = POOL_SIZE,
    ) -> None:
        self._before_commit = before_commit
        self._refusals = dict(refusals or {})
        self._hot = HotReads(
            make_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
            most=pool_size,
            settings=_SERVER_SETTINGS,
        )
        self.engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"server_settings": _SERVER_SETTINGS, "timeout": 10},
        )

    @asynccontextmanager
    async def transaction(self, actor: Actor, once: OncePerKey | None = None) -> AsyncIterator[Transaction]:
        """Open a transaction in the name of ``actor``; leaving the block commits.

        Raises what ``once`` raises for a repeated key, the refusal named for a broken constraint, and
        DatabaseUnavailable when the database does not answer.
        """
        try:
            async with self.engine.connect() as connection, connection.begin():
                tx = await self._opened(connection)
                # Also begins the transaction, so that COPY straight on the driver is inside it.
                await tx.execute(
                    text("SELECT set_config('app.association', :name, true)"),
                    {"name": actor.association or ""},
                )
                if once is not None:
                    await once.claim(tx)
                yield tx
                if once is not None:
                    await once.keep(tx)
                await self._before_commit(tx)
        except (DBAPIError, asyncpg.PostgresError, OSError, TimeoutError) as fault:
            self._refuse(fault)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Open a read-only transaction in which every statement sees the same state."""
        try:
            async with self.engine.connect() as connection:
                await connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
                async with connection.begin():
                    yield await self._opened(connection)
        except (DBAPIError, asyncpg.PostgresError, OSError, TimeoutError) as fault:
            self._refuse(fault)

    async def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """Run one prepared read on a connection for hot look-ups, which skips SQLAlchemy and any pool."""
        try:
            return await self._hot.fetch(statement, *values)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as fault:
            self._refuse(fault)

    async def close(self) -> None:
        """Close every connection."""
        await self._hot.close()
        await self.engine.dispose()

    async def _opened(self, connection: AsyncConnection) -> Transaction:
        raw = await connection.get_raw_connection()
        return Transaction(connection, cast(asyncpg.Connection, raw.driver_connection))

    def _refuse(self, fault: Exception) -> NoReturn:
        state, constraint = _cause(fault)
        if constraint in self._refusals:
            raise self._refusals[constraint] from fault
        if (state or "").startswith(_UNSTORABLE_STATES):
            raise TextNotStorable from fault
        lost = isinstance(fault, InterfaceError | OSError | TimeoutError | asyncpg.InterfaceError)
        if lost or (state or "").startswith(_PASSING_STATES):
            raise DatabaseUnavailable from fault
        if isinstance(fault, DBAPIError) and fault.connection_invalidated:
            raise DatabaseUnavailable from fault
        raise fault


def _cause(fault: BaseException) -> tuple[str | None, str | None]:
    """Return the SQLSTATE and the constraint's name from wherever in the chain PostgreSQL said them."""
    seen: BaseException | None = fault
    while seen is not None:
        original = getattr(seen, "orig", None) or seen.__cause__
        if isinstance(seen, asyncpg.PostgresError):
            return seen.sqlstate, getattr(seen, "constraint_name", None)
        seen = original
    return getattr(getattr(fault, "orig", None), "sqlstate", None), None
