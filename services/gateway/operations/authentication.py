"""Finding out which client asks: by its secret or by an assertion signed with its own key."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from services.gateway.domain.attempts import FailedAttempts
from services.gateway.domain.client import Client, Proof, is_client_id
from services.gateway.domain.credentials import (
    ASSERTION_ALGORITHMS,
    LEEWAY,
    SAMPLE,
    Assertion,
    ClientNotRecognised,
    Credentials,
    Secret,
    TooManyFailedAttempts,
    assertion_id,
)
from services.gateway.storage import clients, used_assertions
from shared.actor import Actor
from shared.database import Database
from shared.issuer_documents import PublicKey, public_key
from shared.tokens import unverified_parts

_NOBODYS_KEY = ECKey.generate_key("P-256", private=False)


class Door:
    """Lets clients in, and keeps those out for a while that failed too often.

    ``audiences`` are the addresses for which an assertion may be meant. With ``samples`` refused, neither
    the id nor the secret of a sample client is taken.
    """

    def __init__(self, db: Database, *, audiences: Sequence[str], samples: bool) -> None:
        self._db = db
        self._audiences = audiences
        self._samples = samples
        self._attempts = FailedAttempts()

    async def authenticate(self, credentials: Credentials, *, place: str, now: datetime) -> Client:
        """Return the client that these credentials are of; an assertion is used up by it.

        Raises ClientNotRecognised, in the same time for an unknown client as for a wrong secret, and
        TooManyFailedAttempts.
        """
        client_id = credentials.client_id
        if not is_client_id(client_id):  # nobody's, and not remembered either, however long it is
            raise ClientNotRecognised
        wait = self._attempts.wait(client_id, place, now=now.timestamp())
        if wait:
            refusal = TooManyFailedAttempts()
            refusal.retry_after = wait
            raise refusal
        try:
            return await self._recognised(credentials, now=now)
        except ClientNotRecognised:
            self._attempts.note(client_id, place, now=now.timestamp())
            raise

    async def _recognised(self, credentials: Credentials, *, now: datetime) -> Client:
        async with self._db.reading() as tx:
            found = await clients.find(tx, credentials.client_id)
        if isinstance(credentials, Secret):
            self._check_secret(credentials, found[1] if found else Proof())
        else:
            await self._use_up(credentials, found[1] if found else Proof(), now=now)
        if found is None or (self._is_sample(credentials) and not self._samples):
            raise ClientNotRecognised
        return found[0]

    @staticmethod
    def _check_secret(given: Secret, proof: Proof) -> None:
        if not given.matches(proof.secret_hash):
            raise ClientNotRecognised

    async def _use_up(self, given: Assertion, proof: Proof, *, now: datetime) -> None:
        claims = _signed_claims(given.token, proof)
        token_id, expires = assertion_id(
            claims, client_id=given.client_id, audiences=self._audiences, now=now.timestamp()
        )
        expires_at = datetime.fromtimestamp(expires + LEEWAY, tz=UTC)
        async with self._db.transaction(Actor.system("gateway")) as tx:
            if not await used_assertions.take(tx, token_id, client_id=given.client_id, expires_at=expires_at):
                raise ClientNotRecognised

    @staticmethod
    def _is_sample(credentials: Credentials) -> bool:
        secret = credentials.secret if isinstance(credentials, Secret) else ""
        return credentials.client_id.startswith(SAMPLE) or secret.startswith(SAMPLE)


def claimed_client(assertion: str) -> str:
    """Return the client id that an assertion says it comes from; raises ClientNotRecognised."""
    try:
        _, claims = unverified_parts(assertion)
    except ValueError:
        raise ClientNotRecognised from None
    client_id = claims.get("sub")
    if not isinstance(client_id, str) or claims.get("iss") != client_id:
        raise ClientNotRecognised
    return client_id


def _signed_claims(token: str, proof: Proof) -> Mapping[str, Any]:
    """Return the claims of an assertion signed with one of the client's keys.

    Where it has no such key, a signature is checked all the same, against a key that is nobody's.
    """
    try:
        header, _ = unverified_parts(token)
        named = [key for key in proof.keys if header.get("kid", key["kid"]) == key["kid"]]
        key: PublicKey = _NOBODYS_KEY
        if len(named) == 1:
            key = public_key(dict(named[0]), ASSERTION_ALGORITHMS) or _NOBODYS_KEY
        return jwt.decode(token, key, algorithms=[key.alg or "ES256"]).claims
    except (JoseError, ValueError, KeyError, TypeError, RecursionError):
        raise ClientNotRecognised from None
