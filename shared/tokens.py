"""Bearer token → Actor. Every service verifies by itself, against the published keys of trusted issuers."""

import base64
import hashlib
import ipaddress
import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from pydantic import BaseModel, ConfigDict

from shared.actor import Actor
from shared.errors import Unauthenticated, Unavailable
from shared.issuer_documents import FetchJson, IssuerDocuments

LEEWAY_SECONDS = 5
LONGEST_TOKEN = 8192
LONGEST_NAME = 200
REMEMBERED_TOKENS = 4096

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class TokenNotValid(Unauthenticated):
    """The access token is not valid: it has expired, was revoked, or was not issued for this service."""


class IssuerUnavailable(Unavailable):
    """The keys that access tokens are checked with cannot be had just now: send the request again shortly."""


class IssuerNotSafe(ValueError):
    """In production every issuer of access tokens is reached by https, and {address} is not."""

    def __init__(self, address: str) -> None:
        super().__init__((self.__doc__ or "").format(address=address))


class TrustedIssuer(BaseModel):
    """An issuer whose tokens are accepted, and where its keys and revocations are published.

    ``claim_names`` says what this issuer calls a claim of ours, as in ``{"jti": "uti", "scope": "roles"}``;
    ``scopes`` are all that it may give, where it may not give any.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str
    jwks_url: str
    audience: str
    revocations_url: str | None = None
    algorithms: tuple[Literal["ES256", "ES384", "RS256", "PS256"], ...] = ("ES256",)
    token_types: tuple[str, ...] = ("at+jwt",)
    claim_names: Mapping[str, str] = {}
    scopes: frozenset[str] | None = None


def refuse_unsafe(issuers: Iterable[TrustedIssuer]) -> None:
    """Raise IssuerNotSafe unless each issuer is fit for production.

    Its documents may come by http from the same machine, or from a host with a one-word name: a neighbour.
    """
    for trusted in issuers:
        if urlsplit(trusted.issuer).scheme != "https":
            raise IssuerNotSafe(trusted.issuer)
        for url in (trusted.jwks_url, trusted.revocations_url):
            if url is not None and urlsplit(url).scheme != "https" and not _is_inside(url):
                raise IssuerNotSafe(url)


@dataclass(frozen=True)
class _Issuer:
    """A trusted issuer, what it publishes, and what stands before the names that it gives."""

    trusted: TrustedIssuer
    documents: IssuerDocuments
    prefix: str

    @property
    def token_types(self) -> set[str]:
        """The values of ``typ`` that are accepted, in lower case as they are compared."""
        return {accepted.lower() for accepted in self.trusted.token_types}


@dataclass(frozen=True)
class _Verified:
    """The claims of a token whose signature was found good under one generation of keys."""

    claims: Mapping[str, Any]
    issuer: _Issuer
    generation: int


class TokenVerifier:
    """Turns a bearer token into an Actor, or refuses it.

    Keys are fetched when first needed, every five minutes, and when a token names an unknown key.
    Revocations are fetched every fifteen seconds; while they cannot be had, the last known ones hold.
    The first issuer's subjects and clients are called as it calls them; those of any other carry that
    issuer's name before theirs, so that no issuer can speak in the name of another's.
    """

    def __init__(
        self,
        issuers: Sequence[TrustedIssuer],
        *,
        fetch: FetchJson,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuers = {
            trusted.issuer: _Issuer(
                trusted,
                IssuerDocuments(
                    fetch,
                    jwks_url=trusted.jwks_url,
                    revocations_url=trusted.revocations_url,
                    algorithms=trusted.algorithms,
                    monotonic=monotonic,
                ),
                prefix=f"{trusted.issuer}#" if position else "",
            )
            for position, trusted in enumerate(issuers)
        }
        self._remembered: OrderedDict[bytes, _Verified] = OrderedDict()

    async def actor(self, authorization: str | None, *, now: float) -> Actor:
        """Return who calls, from the Authorization header; ``now`` in seconds since 1970.

        Raises TokenNotValid, or IssuerUnavailable when the keys cannot be had.
        """
        if authorization is None:
            return Actor.anonymous()
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or len(token) > LONGEST_TOKEN or not _COMPACT.fullmatch(token):
            raise TokenNotValid
        verified = await self._verified(token)
        claims = verified.claims
        if not claims["nbf"] - LEEWAY_SECONDS <= now < claims["exp"] + LEEWAY_SECONDS:
            raise TokenNotValid
        if verified.issuer.documents.revoked(
            token_id=claims["jti"], client_id=claims["client_id"], issued_at=claims["iat"]
        ):
            raise TokenNotValid
        return _actor(claims, verified.issuer)

    async def _verified(self, token: str) -> _Verified:
        digest = hashlib.sha256(token.encode()).digest()
        known = self._remembered.get(digest)
        if known is not None:
            await known.issuer.documents.refresh()
            if known.generation == known.issuer.documents.generation:
                return known
            del self._remembered[digest]
        verified = await self._verify(token)
        self._remembered[digest] = verified
        if len(self._remembered) > REMEMBERED_TOKENS:
            self._remembered.popitem(last=False)
        return verified

    async def _verify(self, token: str) -> _Verified:
        try:
            header, unverified = unverified_parts(token)
            issuer = self._issuers[unverified["iss"]]
            kid = header["kid"]
        except (ValueError, KeyError, TypeError):
            raise TokenNotValid from None
        token_type = str(header.get("typ")).lower().removeprefix("application/")
        if not isinstance(kid, str) or token_type not in issuer.token_types:
            raise TokenNotValid
        if not await issuer.documents.refresh():
            raise IssuerUnavailable
        generation = issuer.documents.generation
        key = await issuer.documents.key(kid)
        if key is None:
            raise TokenNotValid
        algorithms = [key.alg] if key.alg else list(issuer.trusted.algorithms)
        try:
            claims = jwt.decode(token, key, algorithms=algorithms).claims
        except (JoseError, ValueError, KeyError, TypeError, RecursionError):
            raise TokenNotValid from None
        return _Verified(_checked(claims, issuer.trusted), issuer, generation)


def unverified_parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a token as read before its signature is checked, to find the key by.

    Raises ValueError. Nothing in them may be believed.
    """

    def part(text: str) -> dict[str, Any]:
        try:
            read = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
        except RecursionError:
            raise ValueError("too deep") from None
        if not isinstance(read, dict):
            raise ValueError("not an object")
        return read

    header, claims, _ = token.split(".")
    read = part(header)
    if "crit" in read or "b64" in read:
        raise ValueError("an extension that is not understood")
    return read, part(claims)


def _checked(said: dict[str, Any], trusted: TrustedIssuer) -> Mapping[str, Any]:
    """Return the claims under our names, or refuse them."""
    claims = said | {ours: said[theirs] for ours, theirs in trusted.claim_names.items() if theirs in said}
    audience = claims.get("aud")
    claims.setdefault("nbf", claims.get("iat"))
    claims.setdefault("client_id", claims.get("azp"))
    meant = trusted.audience in (audience if isinstance(audience, list) else [audience])
    instants = all(type(claims.get(name)) is int for name in ("exp", "nbf", "iat"))
    names = all(_is_name(claims.get(name)) for name in ("sub", "client_id", "jti"))
    parties = all(_is_name(claims[name]) for name in ("association", "body", "urn") if name in claims)
    if not (claims.get("iss") == trusted.issuer and meant and instants and names and parties):
        raise TokenNotValid
    if claims["sub"] == "anyone" or claims["sub"].startswith("system:"):
        raise TokenNotValid  # names under which only we ourselves write
    return claims


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable()


def _actor(claims: Mapping[str, Any], issuer: _Issuer) -> Actor:
    said = claims.get("scope", "")
    listed = said.split() if isinstance(said, str) else said if isinstance(said, list) else []
    scopes = frozenset(scope for scope in listed if isinstance(scope, str))
    return Actor(
        subject=issuer.prefix + claims["sub"],
        client_id=issuer.prefix + claims["client_id"],
        scopes=scopes if issuer.trusted.scopes is None else scopes & issuer.trusted.scopes,
        association=claims.get("association"),
        body=claims.get("body"),
        urn=claims.get("urn"),
    )


def _is_inside(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return bool(host) and "." not in host
