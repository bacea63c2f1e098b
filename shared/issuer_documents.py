"""What an issuer publishes, kept fresh: the keys it signs with, and what it has revoked."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from shared.errors import Unavailable

KEYS_FRESH_SECONDS = 300.0
KEYS_RETRY_SECONDS = 1.0
REVOCATIONS_FRESH_SECONDS = 15.0
REVOCATIONS_USABLE_SECONDS = 45.0
REVOCATIONS_RETRY_SECONDS = 5.0

FetchJson = Callable[[str], Awaitable[dict[str, Any]]]
PublicKey = ECKey | RSAKey


class NotUnderstood(ValueError):
    """What the issuer publishes is not what it should be."""


class Document:
    """One published document: had once, fetched again when it is due, by one caller at a time.

    While one caller fetches, the others go on with what is known as long as it is ``usable`` seconds old, or
    the issuer failed to answer the last time: a silent issuer holds up one request and not all.
    """

    def __init__(
        self, url: str, *, fresh: float, usable: float, retry: float, monotonic: Callable[[], float]
    ) -> None:
        self._url = url
        self._monotonic = monotonic
        self._fresh = fresh
        self._usable = usable
        self._retry = retry
        self._had_at = float("-inf")
        self._tried_at = float("-inf")
        self._failing = False
        self._lock = asyncio.Lock()

    @property
    def was_had(self) -> bool:
        """Say whether it was ever had."""
        return self._had_at > float("-inf")

    async def refresh(
        self, fetch: FetchJson, take: Callable[[dict[str, Any]], None], *, at_once: bool = False
    ) -> None:
        """Fetch the document and ``take`` it, if it is due or wanted ``at_once``, and was not just tried."""
        age = self._monotonic() - self._had_at
        if age < self._fresh and not at_once:
            return
        holds = age < self._usable or (self.was_had and self._failing)
        if self._lock.locked() and not at_once and holds:
            return
        async with self._lock:
            if self._monotonic() - self._tried_at < self._retry:
                return
            self._tried_at = self._monotonic()
            try:
                take(await fetch(self._url))
            except (Unavailable, NotUnderstood):
                self._failing = True
                return
            self._failing = False
            self._had_at = self._monotonic()


class IssuerDocuments:
    """The keys and revocations of one issuer, as last published.

    ``generation`` changes with the keys: what was verified under an older one has to be verified anew.
    """

    def __init__(
        self,
        fetch: FetchJson,
        *,
        jwks_url: str,
        revocations_url: str | None,
        algorithms: Collection[str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.generation = 0
        self._fetch = fetch
        self._algorithms = algorithms
        self._published: str | None = None
        self._keys: Mapping[str, PublicKey] = {}
        self._revoked_tokens: frozenset[str] = frozenset()
        self._void_before: Mapping[str, int] = {}
        self._key_document = Document(
            jwks_url,
            fresh=KEYS_FRESH_SECONDS,
            usable=float("inf"),
            retry=KEYS_RETRY_SECONDS,
            monotonic=monotonic,
        )
        self._revocations = revocations_url and Document(
            revocations_url,
            fresh=REVOCATIONS_FRESH_SECONDS,
            usable=REVOCATIONS_USABLE_SECONDS,
            retry=REVOCATIONS_RETRY_SECONDS,
            monotonic=monotonic,
        )

    async def refresh(self) -> bool:
        """Bring both up to date where they are due; say whether enough is known to judge a token."""
        await self._key_document.refresh(self._fetch, self._take_keys)
        if not self._key_document.was_had:
            return False
        if not self._revocations:
            return True
        await self._revocations.refresh(self._fetch, self._take_revocations)
        return self._revocations.was_had

    async def key(self, kid: str) -> PublicKey | None:
        """Return the key of that name, looking for it once more where it is unknown."""
        if kid not in self._keys:
            await self._key_document.refresh(self._fetch, self._take_keys, at_once=True)
        return self._keys.get(kid)

    def revoked(self, *, token_id: str, client_id: str, issued_at: int) -> bool:
        """Say whether the token, or everything given to its client until then, was revoked."""
        return token_id in self._revoked_tokens or issued_at < self._void_before.get(client_id, issued_at)

    def _take_keys(self, said: dict[str, Any]) -> None:
        listed = said.get("keys")
        if not isinstance(listed, list):
            raise NotUnderstood
        published = json.dumps(listed, sort_keys=True)
        if published == self._published:
            return
        found = (public_key(each, self._algorithms) for each in listed)
        self._keys = {key.kid: key for key in found if key is not None and key.kid}
        self._published = published
        self.generation += 1

    def _take_revocations(self, said: dict[str, Any]) -> None:
        tokens, clients = said.get("tokens"), said.get("clients")
        if not isinstance(tokens, list) or not all(isinstance(each, str) for each in tokens):
            raise NotUnderstood
        if not isinstance(clients, dict) or not all(type(each) is int for each in clients.values()):
            raise NotUnderstood
        self._revoked_tokens = frozenset(tokens)
        self._void_before = clients


def public_key(described: object, algorithms: Collection[str]) -> PublicKey | None:
    """Return a published signing key, or None for one of another use, another kind, or broken.

    An issuer may publish keys for other purposes beside those that its tokens are signed with.
    """
    if not isinstance(described, dict) or described.get("kty") not in ("EC", "RSA"):
        return None
    if described.get("use", "sig") != "sig" or not isinstance(described.get("kid", ""), str):
        return None
    if "alg" in described and described["alg"] not in algorithms:
        return None
    try:
        key = JWKRegistry.import_key(described)
    except (JoseError, ValueError, KeyError, TypeError):
        return None
    return key if isinstance(key, ECKey | RSAKey) else None
