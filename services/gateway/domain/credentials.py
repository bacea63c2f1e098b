"""How a client shows who it is: by its secret, or by an assertion signed with its own key."""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.errors import Malformed, TooManyRequests, Unauthenticated

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_ALGORITHMS = ("ES256", "RS256")
LONGEST_ASSERTION_LIFE = 300
LONGEST_ASSERTION_ID = 200
LEEWAY = 5
SAMPLE = "sample-"
"""How the ids and secrets of sample clients begin; in production none is accepted."""

_NO_SECRET = bytes(32)


class ClientNotRecognised(Unauthenticated):
    """The client could not be authenticated: check its id, and its secret or signed assertion."""


class TwoWaysOfAuthenticating(Malformed):
    """The client was authenticated in more than one way: choose one."""


class TooManyFailedAttempts(TooManyRequests):
    """This client failed to authenticate too often: check its secret and try again in a minute."""


class SampleClientsInProduction(Exception):
    """Production does not start on sample clients: revoke {clients} with the command `clients revoke`."""

    def __init__(self, clients: Collection[str]) -> None:
        super().__init__((self.__doc__ or "").format(clients=", ".join(sorted(clients))))


class DevelopmentKeysInProduction(Exception):
    """Production does not start on a development signing key ({kids}): make another with the command
    `keys rotate --at-once`."""

    def __init__(self, kids: Collection[str]) -> None:
        text = " ".join((self.__doc__ or "").split())
        super().__init__(text.format(kids=", ".join(sorted(kids))))


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A client id with its secret."""

    client_id: str
    secret: str = field(repr=False)

    def matches(self, secret_hash: bytes | None) -> bool:
        """Say whether the secret is the one that was hashed, in the same time whatever the answer."""
        found = hmac.compare_digest(hashed(self.secret), secret_hash or _NO_SECRET)
        return found and secret_hash is not None


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """A signed assertion (RFC 7523), and the client id that it says it comes from."""

    client_id: str
    token: str = field(repr=False)


Credentials = Secret | Assertion


def hashed(secret: str) -> bytes:
    """Return what is stored of a secret. It is 256 random bits, so a plain digest is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def assertion_id(
    claims: Mapping[str, Any], *, client_id: str, audiences: Collection[str], now: float
) -> tuple[str, int]:
    """Return the id of an assertion whose signature is good, and when it expires; or refuse it."""
    audience, token_id, expires = claims.get("aud"), claims.get("jti"), claims.get("exp")
    if isinstance(audience, list) and len(audience) == 1:
        audience = audience[0]
    if not isinstance(audience, str) or audience not in audiences:
        raise ClientNotRecognised
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise ClientNotRecognised
    if not isinstance(token_id, str) or not 0 < len(token_id) <= LONGEST_ASSERTION_ID:
        raise ClientNotRecognised
    if not token_id.isprintable() or not _is_now(claims, now=now):
        raise ClientNotRecognised
    assert isinstance(expires, int)  # noqa: S101 - _is_now has looked
    return token_id, expires


def _is_now(claims: Mapping[str, Any], *, now: float) -> bool:
    instants = [claims.get("exp"), claims.get("nbf", 0), claims.get("iat", 0)]
    if any(type(instant) is not int for instant in instants):
        return False
    expires, *begins = instants
    return bool(max(begins) <= now + LEEWAY and now < expires <= now + LONGEST_ASSERTION_LIFE + LEEWAY)
