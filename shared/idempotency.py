"""Idempotency keys: the same request sent again gets the first answer again.

The key is claimed when the transaction of the effect opens and the answer is stored before it commits, so
there is never an effect without its answer nor an answer without its effect. A refusal rolls everything
back, the key included: the same request may then be sent again and is tried anew.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert

from shared.database import Transaction
from shared.errors import Conflict, Malformed, Unprocessable

KEPT = timedelta(hours=48)
LONGEST_KEY = 255


class StillRunning(Conflict):
    """The first request with this Idempotency-Key is still running: send it again in a moment."""


class KeyUsedForAnotherRequest(Unprocessable):
    """This Idempotency-Key was used for another request: take a new key for a new request."""


class IdempotencyKeyNotReadable(Malformed):
    """An Idempotency-Key has 1 to 255 visible ASCII characters."""


class Answered(Exception):
    """The request was answered before: ``status`` and ``body`` are what was said then."""

    def __init__(self, *, status: int, body: str, location: str | None) -> None:
        super().__init__("answered before")
        self.status = status
        self.body = body
        self.location = location


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the caller is told: ``body`` is the JSON text as sent."""

    status: int
    body: str
    location: str | None = None


def answers_table(metadata: MetaData) -> Table:
    """Declare where a service keeps first answers."""
    return Table(
        "idempotency_keys",
        metadata,
        Column("client_id", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("request_hash", Text, nullable=False),
        Column("status", Integer, nullable=True),
        Column("body", Text, nullable=True),
        Column("location", Text, nullable=True),
        Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
    )


class Once:
    """One idempotent request: claims its key, remembers its answer.

    The route gives ``render``, which turns the operation's result into the answer; the operation hands the
    result to ``answer`` inside its transaction.
    """

    def __init__(
        self,
        table: Table,
        *,
        client_id: str,
        key: str | None,
        request: bytes,
        now: datetime,
        render: Callable[[Any], Answer],
    ) -> None:
        if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
            raise IdempotencyKeyNotReadable
        self._table = table
        self._client_id = client_id
        self._key = key
        self._hash = hashlib.sha256(request).hexdigest()
        self._now = now
        self._render = render
        self.said: Answer | None = None

    def answer(self, result: Any) -> None:
        """Fix what this request is answered."""
        self.said = self._render(result)

    async def claim(self, tx: Transaction) -> None:
        """Take the key for this transaction.

        Raises Answered with the first answer, StillRunning, or KeyUsedForAnotherRequest.
        """
        if self._key is None:
            return
        lock = f"{self._client_id}\n{self._key}"
        if not await tx.scalar(
            text("SELECT pg_try_advisory_xact_lock(hashtextextended(:lock, 0))"), {"lock": lock}
        ):
            raise StillRunning
        columns = self._table.c
        row = await tx.row(
            select(columns.request_hash, columns.status, columns.body, columns.location).where(
                columns.client_id == self._client_id,
                columns.key == self._key,
                columns.expires_at > self._now,
            )
        )
        if row is None:
            return
        if row.request_hash != self._hash:
            raise KeyUsedForAnotherRequest
        raise Answered(status=row.status, body=row.body, location=row.location)

    async def keep(self, tx: Transaction) -> None:
        """Store the answer beside its effect."""
        if self.said is None:
            raise RuntimeError("an operation with an idempotency key ended without an answer")
        if self._key is None:
            return
        answer: Mapping[str, Any] = {
            "request_hash": self._hash,
            "status": self.said.status,
            "body": self.said.body,
            "location": self.said.location,
            "expires_at": self._now + KEPT,
        }
        await tx.execute(
            insert(self._table)
            .values(client_id=self._client_id, key=self._key, **answer)
            .on_conflict_do_update(index_elements=["client_id", "key"], set_=dict(answer))
        )


class WithoutKey(Once):
    """A step of our own, such as loading a sample: nobody sends it twice, and nobody reads its answer."""

    def __init__(self) -> None:
        self.said = None

    def answer(self, result: Any) -> None:
        """Drop the result."""

    async def claim(self, tx: Transaction) -> None:
        """Claim nothing."""

    async def keep(self, tx: Transaction) -> None:
        """Keep nothing."""


async def forget_expired(tx: Transaction, table: Table, *, now: datetime) -> int:
    """Delete answers that are older than 48 hours and return how many there were."""
    return await tx.execute(delete(table).where(table.c.expires_at <= now))


def request_bytes(method: str, asked: str, body: bytes) -> bytes:
    """Return what makes two requests the same: method, path, query, and what the body means."""
    try:
        meaning = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        meaning = body
    return b"\n".join((method.encode(), asked.encode(), meaning))
