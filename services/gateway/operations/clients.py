"""Managing clients: made, given new secrets or keys, revoked. A secret is returned once and never kept."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.gateway.domain.client import Client, NoSuchClient, register
from services.gateway.domain.client_key import checked_keys
from services.gateway.domain.credentials import SAMPLE, SampleClientsInProduction, hashed
from services.gateway.storage import clients
from shared.actor import Actor
from shared.database import Database
from shared.journal import Record


async def create(
    db: Database,
    *,
    kind: str,
    name: str,
    parties: Mapping[str, str | None],
    actor: Actor,
    now: datetime,
    subject: str | None = None,
    client_id: str | None = None,
) -> tuple[Client, str]:
    """Make a client of a kind and return it with its secret."""
    client = register(
        client_id=client_id or f"{kind}-{secrets.token_hex(5)}",
        kind=kind,
        name=name,
        subject=subject,
        parties=parties,
        now=now,
    )
    secret = _new_secret(client.client_id)
    facts = {"kind": kind, "subject": client.subject, "scopes": list(client.scopes), **client.parties}
    record = Record(actor=actor, at=now, event="client.created", subject=client.client_id, facts=facts)
    async with db.transaction(actor) as tx:
        await clients.add(tx, client, secret_hash=hashed(secret), record=record)
    return client, secret


async def list_all(db: Database) -> Sequence[Client]:
    """Return every client, revoked ones too."""
    async with db.reading() as tx:
        return await clients.list_all(tx)


async def secret_works(db: Database, *, client_id: str, secret: str) -> bool:
    """Say whether a client stands and has this secret."""
    async with db.reading() as tx:
        found = await clients.find(tx, client_id)
    return found is not None and found[1].secret_hash == hashed(secret)


async def rotate_secret(
    db: Database, *, client_id: str, end_tokens: bool, actor: Actor, now: datetime
) -> str:
    """Give a client a new secret and return it; the old one is refused from now on.

    Tokens that it has already live out their minutes, unless ``end_tokens`` ends them too.
    """
    secret = _new_secret(client_id)
    facts = {"tokens_ended": end_tokens}
    record = Record(actor=actor, at=now, event="client.secret-rotated", subject=client_id, facts=facts)
    async with db.transaction(actor) as tx:
        void_before = now if end_tokens else None
        if not await clients.change_secret(
            tx, client_id, secret_hash=hashed(secret), void_before=void_before, record=record
        ):
            raise NoSuchClient
    return secret


async def set_keys(
    db: Database,
    *,
    client_id: str,
    key_set: Mapping[str, Any],
    drop_secret: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Let a client authenticate by assertions signed with its own keys, and by those only if told so."""
    keys = checked_keys(key_set)
    facts = {"keys": [key["kid"] for key in keys], "secret_dropped": drop_secret}
    record = Record(actor=actor, at=now, event="client.keys-set", subject=client_id, facts=facts)
    async with db.transaction(actor) as tx:
        if not await clients.change_keys(tx, client_id, keys=keys, drop_secret=drop_secret, record=record):
            raise NoSuchClient


async def revoke(db: Database, *, client_id: str, actor: Actor, now: datetime) -> None:
    """Revoke a client for good: it gets no more tokens, and those that it has are refused within a minute."""
    record = Record(actor=actor, at=now, event="client.revoked", subject=client_id, facts={})
    async with db.transaction(actor) as tx:
        if not await clients.revoke(tx, client_id, at=now, record=record):
            raise NoSuchClient


async def refuse_samples(db: Database) -> None:
    """Raise SampleClientsInProduction where a sample client stands."""
    async with db.reading() as tx:
        standing = await clients.list_standing(tx, beginning=SAMPLE)
    if standing:
        raise SampleClientsInProduction(standing)


def _new_secret(client_id: str) -> str:
    """Return 256 random bits as text; those of sample clients can be told by their beginning."""
    return (SAMPLE if client_id.startswith(SAMPLE) else "") + secrets.token_urlsafe(32)
