"""The journal: one append-only list of what was changed, by whom and when.

Positions have no gaps and follow the order of commits, since they are handed out under a lock that is taken
with the last statement of a transaction. Each line carries the SHA-256 of the line before it, so that
a line cannot be changed without changing every later one. Lines carry no personal data: ``facts`` holds
only what the public may see.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Text,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from shared.actor import Actor
from shared.clock import rfc3339
from shared.database import BeforeCommit, Database, Transaction

GENESIS = bytes(32)
LOCK = 0x6A6F7572
POLL_SECONDS = 0.1
TXID = text("(pg_current_xact_id()::text::bigint)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is to be written: ``event`` as in ``licence.renewed``, ``subject`` a public name of the thing."""

    actor: Actor
    at: datetime
    event: str
    subject: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A record that was written, with its position and the digest of the line before."""

    position: int
    at: datetime
    actor: str
    event: str
    subject: str
    facts: Mapping[str, Any]
    previous: bytes

    def as_dict(self) -> dict[str, Any]:
        """Return the line as it is served to neighbours."""
        return {
            "position": self.position,
            "at": rfc3339(self.at),
            "actor": self.actor,
            "event": self.event,
            "subject": self.subject,
            "facts": dict(self.facts),
            "previous": self.previous.hex(),
        }

    def digest(self) -> bytes:
        """Return the SHA-256 of the line as JSON with sorted keys, no spaces, in UTF-8."""
        canonical = json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).digest()


def journal_table(metadata: MetaData) -> Table:
    """Declare the journal of a service. ``txid`` ties a line to the rows written with it."""
    return Table(
        "journal",
        metadata,
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("actor", Text, nullable=False),
        Column("event", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("facts", JSONB, nullable=False),
        Column("previous", LargeBinary, nullable=False),
        Column("txid", BigInteger, nullable=False, server_default=TXID, index=True),
    )


def followed_table(metadata: MetaData) -> Table:
    """Declare where a service remembers how far it has followed each neighbour."""
    return Table(
        "followed",
        metadata,
        Column("source", Text, primary_key=True),
        Column("position", BigInteger, nullable=False),
    )


def writes_to(journal: Table) -> BeforeCommit:
    """Return the last step of a transaction: append the collected records to ``journal``."""

    async def append(tx: Transaction) -> None:
        if not tx.records:
            return
        await tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        last = await _last_line(tx, journal)
        position, previous = (last.position, last.digest()) if last else (0, GENESIS)
        lines: list[Line] = []
        for record in tx.records:
            line = _line(record, position=position + 1, previous=previous)
            position, previous = line.position, line.digest()
            lines.append(line)
        await _insert(tx, lines)

    return append


async def read_after(tx: Transaction, journal: Table, *, after: int, limit: int) -> Sequence[Line]:
    """Return at most ``limit`` lines that follow position ``after``, in order."""
    found = await tx.rows(
        _lines(journal).where(journal.c.position > after).order_by(journal.c.position).limit(limit)
    )
    return [Line(**row._mapping) for row in found]


async def wait_after(
    db: Database, journal: Table, *, after: int, limit: int, seconds: float
) -> Sequence[Line]:
    """Return lines that follow ``after``, waiting up to ``seconds`` for the first one."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        async with db.reading() as tx:
            lines = await read_after(tx, journal, after=after, limit=limit)
        if lines or asyncio.get_running_loop().time() >= deadline:
            return lines
        await asyncio.sleep(POLL_SECONDS)


async def follow(
    db: Database,
    followed: Table,
    *,
    source: str,
    fetch: Callable[[int], Awaitable[Sequence[Line]]],
    apply: Callable[[Transaction, Line], Awaitable[None]],
) -> int:
    """Apply the neighbour's next lines, each exactly once, and return how many were applied.

    A line and the new position are saved in one transaction; the row of the position is locked, so two
    followers of one source never apply the same line.
    """
    async with db.transaction(Actor.system("follower")) as tx:
        await tx.execute(insert(followed).values(source=source, position=0).on_conflict_do_nothing())
    async with db.reading() as tx:
        here = await tx.scalar(select(followed.c.position).where(followed.c.source == source))
    applied = 0
    for line in await fetch(here):
        async with db.transaction(Actor.system("follower")) as tx:
            moved = await tx.execute(
                update(followed)
                .where(followed.c.source == source, followed.c.position == line.position - 1)
                .values(position=line.position)
            )
            if moved:
                await apply(tx, line)
                applied += 1
    return applied


def _lines(journal: Table) -> Any:
    columns = ("position", "at", "actor", "event", "subject", "facts", "previous")
    return select(*(journal.c[name] for name in columns))


async def _last_line(tx: Transaction, journal: Table) -> Line | None:
    row = await tx.row(_lines(journal).order_by(journal.c.position.desc()).limit(1))
    return Line(**row._mapping) if row else None


def _line(record: Record, *, position: int, previous: bytes) -> Line:
    return Line(
        position=position,
        at=record.at,
        actor=record.actor.subject,
        event=record.event,
        subject=record.subject,
        facts=record.facts,
        previous=previous,
    )


async def _insert(tx: Transaction, lines: Sequence[Line]) -> None:
    await tx.driver.execute(
        "INSERT INTO journal (position, at, actor, event, subject, facts, previous)"
        " SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[],"
        " $6::text[]::jsonb[], $7::bytea[])",
        [line.position for line in lines],
        [line.at for line in lines],
        [line.actor for line in lines],
        [line.event for line in lines],
        [line.subject for line in lines],
        [json.dumps(dict(line.facts), allow_nan=False) for line in lines],
        [line.previous for line in lines],
    )
