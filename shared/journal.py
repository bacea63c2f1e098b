"""The journal: one append-only list of what was changed, by whom and when.

Positions have no gaps and follow the order of commits, since they are handed out under a lock that is taken
with the last statement of a transaction. Each line carries the SHA-256 of the line before it, so that
a line cannot be changed without changing every later one. Lines carry no personal data: ``facts`` holds
only what the public may see.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
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
# From so many lines on, COPY is worth the second round trip with which it begins, under the lock.
MANY = 50

_INSERT = """
INSERT INTO journal (position, at, actor, event, subject, facts, previous)
SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[]::jsonb[],
    $7::bytea[])
"""
_COLUMNS = ("position", "at", "actor", "event", "subject", "facts", "previous")
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_quoted = json.encoder.encode_basestring


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
        return sha256(_canonical(self.as_dict()).encode()).digest()


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
        lines = _chained(tx.records, position=position, previous=previous)
        if len(lines) < MANY:
            await tx.driver.execute(_INSERT, *zip(*lines, strict=True))
        else:
            await tx.driver.copy_records_to_table(journal.name, records=lines, columns=_COLUMNS)

    return append


async def read_after(tx: Transaction, journal: Table, *, after: int, limit: int) -> Sequence[Line]:
    """Return at most ``limit`` lines that follow position ``after``, in order."""
    found = await tx.rows(
        _lines(journal).where(journal.c.position > after).order_by(journal.c.position).limit(limit)
    )
    return [Line(**row._mapping) for row in found]


async def _stays() -> bool:
    return False


async def wait_after(
    db: Database,
    journal: Table,
    *,
    after: int,
    limit: int,
    seconds: float,
    gone: Callable[[], Awaitable[bool]] = _stays,
) -> Sequence[Line]:
    """Return lines that follow ``after``, waiting up to ``seconds`` for the first one.

    ``gone`` says that nobody needs the answer any more, or that the service was told to stop: then
    what is there is returned at once.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        async with db.reading() as tx:
            lines = await read_after(tx, journal, after=after, limit=limit)
        if lines or asyncio.get_running_loop().time() >= deadline or await gone():
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
    return select(*(journal.c[name] for name in _COLUMNS))


async def _last_line(tx: Transaction, journal: Table) -> Line | None:
    row = await tx.row(_lines(journal).order_by(journal.c.position.desc()).limit(1))
    return Line(**row._mapping) if row else None


def _chained(
    records: Sequence[Record], *, position: int, previous: bytes
) -> list[tuple[int, datetime, str, str, str, str, bytes]]:
    """Return the rows of the lines that follow a position; each is put together as ``Line.digest`` says."""
    rows = []
    # Many lines share their instant, and some their facts: each is written out once.
    instants: dict[datetime, str] = {}
    contents: dict[int, str] = {}
    for record in records:
        position += 1
        actor = record.actor.subject
        at = instants.get(record.at) or instants.setdefault(record.at, rfc3339(record.at))
        key = id(record.facts)
        facts = contents.get(key) or contents.setdefault(key, _canonical(record.facts))
        rows.append((position, record.at, actor, record.event, record.subject, facts, previous))
        # The keys in their order, so that facts are turned into JSON once, for the row and for the digest.
        line = (
            f'{{"actor":{_quoted(actor)},"at":"{at}","event":{_quoted(record.event)},'
            f'"facts":{facts},"position":{position},"previous":"{previous.hex()}",'
            f'"subject":{_quoted(record.subject)}}}'
        )
        previous = sha256(line.encode()).digest()
    return rows


def _canonical(value: Mapping[str, Any]) -> str:
    """Return JSON with sorted keys and no spaces; what is no JSON, such as NaN, raises ValueError."""
    return _CANONICAL.encode(dict(value))
