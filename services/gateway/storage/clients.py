"""Clients ↔ rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from services.gateway.domain.client import Client, Proof
from services.gateway.storage.tables import clients
from shared.database import Transaction
from shared.journal import Record

_CLIENT = (
    clients.c.client_id,
    clients.c.kind,
    clients.c.name,
    clients.c.subject,
    clients.c.scopes,
    clients.c.association,
    clients.c.body,
    clients.c.urn,
    clients.c.created_at,
    clients.c.revoked_at,
    clients.c.tokens_void_before,
)


async def add(tx: Transaction, client: Client, *, secret_hash: bytes, record: Record) -> None:
    """Store a new client; ClientExists is raised when the transaction ends on one with the same id."""
    await tx.execute(
        insert(clients).values(
            client_id=client.client_id,
            kind=client.kind,
            name=client.name,
            subject=client.subject,
            scopes=list(client.scopes),
            association=client.association,
            body=client.body,
            urn=client.urn,
            created_at=client.created_at,
            secret_hash=secret_hash,
        )
    )
    tx.record(record)


async def find(tx: Transaction, client_id: str) -> tuple[Client, Proof] | None:
    """Return a client that is not revoked, with what it can show, or None."""
    row = await tx.row(
        select(*_CLIENT, clients.c.secret_hash, clients.c["keys"]).where(
            clients.c.client_id == client_id, clients.c.revoked_at.is_(None)
        )
    )
    if row is None:
        return None
    return _client(row), Proof(secret_hash=row.secret_hash, keys=tuple(row._mapping["keys"] or ()))


async def list_all(tx: Transaction) -> Sequence[Client]:
    """Return every client, revoked ones too, by kind and id."""
    found = await tx.rows(select(*_CLIENT).order_by(clients.c.kind, clients.c.client_id))
    return [_client(row) for row in found]


async def list_void(tx: Transaction, *, since: datetime, now: datetime) -> Mapping[str, datetime]:
    """Return the instant up to which tokens are void, by client, where that was changed after ``since``.

    Of a revoked client they are void up to ``now``: one may have been given out while it was being revoked.
    """
    found = await tx.rows(
        select(clients.c.client_id, clients.c.tokens_void_before, clients.c.revoked_at).where(
            clients.c.tokens_void_before > since
        )
    )
    return {row.client_id: now if row.revoked_at else row.tokens_void_before for row in found}


async def list_standing(tx: Transaction, *, beginning: str) -> Sequence[str]:
    """Return the ids that begin so, of clients that are not revoked."""
    found = await tx.rows(
        select(clients.c.client_id).where(
            clients.c.client_id.startswith(beginning, autoescape=True), clients.c.revoked_at.is_(None)
        )
    )
    return [row.client_id for row in found]


async def change_secret(
    tx: Transaction, client_id: str, *, secret_hash: bytes, void_before: datetime | None, record: Record
) -> bool:
    """Replace the secret, and void earlier tokens where told to; say whether there is such a client."""
    values: dict[str, Any] = {"secret_hash": secret_hash}
    return await _change(tx, client_id, values | _void(void_before), record=record)


async def change_keys(
    tx: Transaction,
    client_id: str,
    *,
    keys: Sequence[Mapping[str, str]],
    drop_secret: bool,
    record: Record,
) -> bool:
    """Replace the public keys, and drop the secret if told so; say whether there is such a client."""
    values: dict[str, Any] = {"keys": [dict(key) for key in keys]}
    if drop_secret:
        values["secret_hash"] = None
    return await _change(tx, client_id, values, record=record)


async def revoke(tx: Transaction, client_id: str, *, at: datetime, record: Record) -> bool:
    """Revoke a client for good, with every token that it has; say whether there is such a client."""
    return await _change(tx, client_id, {"revoked_at": at} | _void(at), record=record)


async def _change(tx: Transaction, client_id: str, values: Mapping[str, Any], *, record: Record) -> bool:
    changed = await tx.execute(
        update(clients)
        .where(clients.c.client_id == client_id, clients.c.revoked_at.is_(None))
        .values(dict(values))
    )
    if changed:
        tx.record(record)
    return bool(changed)


def _void(before: datetime | None) -> dict[str, datetime]:
    return {} if before is None else {"tokens_void_before": before}


def _client(row: Row[Any]) -> Client:
    return Client(
        client_id=row.client_id,
        kind=row.kind,
        name=row.name,
        subject=row.subject,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        association=row.association,
        body=row.body,
        urn=row.urn,
        revoked_at=row.revoked_at,
        tokens_void_before=row.tokens_void_before,
    )
