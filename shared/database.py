"""The database: an engine, and transactions that are opened where the reader can see them.

An operation writes inside ``async with db.transaction(actor) as tx``. Leaving the block commits, before any
reply; an exception rolls back. Journal lines are collected with ``tx.record`` and written as the last
statement, so that the lock which orders them is held for the commit only.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any, NoReturn, Protocol, cast

import asyncpg
from sqlalchemy import Executable, Row, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from shared.actor import Actor
from shared.errors import Refusal, Unavailable, Unprocessable

POOL_SIZE = 8
STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 5_000
CONNECT_SECONDS = 10
IDLE_SECONDS = 300
"""A connection for hot reads that was idle for longer is not used: what lies between may have dropped it."""

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
_SPEAKS = text(
    "SELECT set_config('app.association', :association, true), set_config('app.body', :body, true)"
)
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

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """Undo what the block did, its records too, where it ends with an exception; the rest may go on."""
        kept = len(self.records)
        try:
            async with self.connection.begin_nested():
                yield
        except BaseException:
            del self.records[kept:]
            raise

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


class HotReads:
    """Connections for hot reads, kept open with their statements prepared, and never reset in between.

    A pool would cost more than the query, since it wraps a connection, resets it and hands it over each time.
    At most ``most`` connections, each opened when none is free; the one used last is used first.
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
            connect_args={"server_settings": _SERVER_SETTINGS, "timeout": CONNECT_SECONDS},
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
                await self._speak_for(tx, actor)
                if once is not None:
                    await once.claim(tx)
                yield tx
                if once is not None:
                    await once.keep(tx)
                await self._before_commit(tx)
        except (DBAPIError, asyncpg.PostgresError, OSError, TimeoutError) as fault:
            self._refuse(fault)

    @asynccontextmanager
    async def reading(self, actor: Actor | None = None) -> AsyncIterator[Transaction]:
        """Open a read-only transaction in which every statement sees the same state.

        Opened in the name of an ``actor`` who speaks for an association, it sees nothing of another's where
        the database keeps the two apart.
        """
        try:
            async with self.engine.connect() as connection:
                await connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
                async with connection.begin():
                    tx = await self._opened(connection)
                    # Also begins the transaction, so that reads straight on the driver are inside it.
                    await self._speak_for(tx, actor)
                    yield tx
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

    async def _speak_for(self, tx: Transaction, actor: Actor | None) -> None:
        """Tell the policies of the rows for whom the transaction speaks: an association, or an award body."""
        said = {"association": "", "body": ""}
        if actor is not None:
            said = {"association": actor.association or "", "body": actor.body or ""}
        await tx.execute(_SPEAKS, said)

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
