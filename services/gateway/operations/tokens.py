"""Giving out access tokens, taking them back, and saying which were taken back."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from services.gateway.domain.access_token import LIFE, claims_for, void_before
from services.gateway.domain.client import Client
from services.gateway.operations.signing_keys import Keys
from services.gateway.storage import answers, clients, revoked_tokens, used_assertions
from shared.actor import Actor
from shared.database import Database
from shared.errors import Malformed
from shared.journal import Record
from shared.tokens import LEEWAY_SECONDS

MARGIN = timedelta(minutes=2)
"""How much longer a client is listed than its tokens live: clocks differ, and commands take a moment."""


class TokenOfAnotherClient(Malformed):
    """This token was issued to another client, and only that one may revoke it."""


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A token that was given out, for how many seconds, and for what."""

    access_token: str = field(repr=False)
    expires_in: int
    scope: str


def issue(
    keys: Keys, client: Client, *, scope: str | None, issuer: str, audience: str, now: datetime
) -> Issued:
    """Return an access token for a client that was authenticated; raises ScopeNotGranted."""
    scopes = client.granted(scope)
    claims = claims_for(
        client,
        scopes=scopes,
        issuer=issuer,
        audience=audience,
        token_id=secrets.token_urlsafe(16),
        now=now,
    )
    return Issued(
        access_token=keys.sign(claims, now=now),
        expires_in=int(LIFE.total_seconds()),
        scope=" ".join(scopes),
    )


async def revoke(db: Database, keys: Keys, client: Client, *, token: str, now: datetime) -> None:
    """Take back one of the client's own tokens; one that is unknown or over is left as it is."""
    claims = keys.read(token, now=now)
    if claims is None or claims["exp"] + LEEWAY_SECONDS <= now.timestamp():
        return
    if claims["client_id"] != client.client_id:
        raise TokenOfAnotherClient
    actor = Actor(subject=client.subject, client_id=client.client_id)
    facts = {"client_id": client.client_id}
    record = Record(actor=actor, at=now, event="token.revoked", subject=f"token:{claims['jti']}", facts=facts)
    async with db.transaction(actor) as tx:
        await revoked_tokens.add(
            tx,
            claims["jti"],
            client_id=client.client_id,
            expires_at=datetime.fromtimestamp(claims["exp"] + LEEWAY_SECONDS, tz=UTC),
            record=record,
        )


async def revocations(db: Database, *, now: datetime) -> dict[str, Any]:
    """Return what services have to refuse: tokens by id, and by client everything issued before a second."""
    async with db.reading() as tx:
        tokens = await revoked_tokens.list_standing(tx, since=now)
        void: Mapping[str, datetime] = await clients.list_void(tx, since=now - LIFE - MARGIN, now=now)
    return {
        "tokens": list(tokens),
        "clients": {client_id: void_before(instant) for client_id, instant in void.items()},
    }


async def forget_expired(db: Database, *, now: datetime) -> int:
    """Delete what has expired and is of no more use, and return how many rows there were."""
    async with db.transaction(Actor.system("forget-expired")) as tx:
        return (
            await revoked_tokens.forget(tx, before=now)
            + await used_assertions.forget(tx, before=now)
            + await answers.forget(tx, now=now)
        )
