"""An issuer of the test's own, which publishes what the test wants and may fall silent."""

import asyncio
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from shared.errors import Unavailable
from shared.tokens import (
    TokenVerifier,
    TrustedIssuer,
)

NOW = 1_800_000_000
HOME = "https://home.test"
OUTSIDE = "https://outside.test"
HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": "k1"}


def ec_key(kid: str = "k1", curve: str = "P-256") -> ECKey:
    """Make a key of the issuer."""
    return ECKey.generate_key(curve, parameters={"kid": kid, "use": "sig"})


KEY = ec_key()


class Issuer:
    """What two issuers publish, and whether they answer; ``fetched`` counts the requests by address."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {
            f"{HOME}/keys": {"keys": [KEY.as_dict(private=False)]},
            f"{HOME}/revoked": {"tokens": [], "clients": {}},
        }
        self.fetched: dict[str, int] = {}
        self.silent = False
        self.seconds = 1000.0

    async def fetch(self, url: str) -> dict[str, Any]:
        """Answer as the issuer would."""
        self.fetched[url] = self.fetched.get(url, 0) + 1
        await asyncio.sleep(0)
        if self.silent:
            raise Unavailable
        found: dict[str, Any] = self.documents[url]
        return found

    def verifier(self, *others: TrustedIssuer) -> TokenVerifier:
        """Return a verifier that trusts the home issuer, and others after it."""
        home = TrustedIssuer(
            issuer=HOME, jwks_url=f"{HOME}/keys", audience="us", revocations_url=f"{HOME}/revoked"
        )
        return TokenVerifier([home, *others], fetch=self.fetch, monotonic=lambda: self.seconds)


def claims(**changed: Any) -> dict[str, Any]:
    """Return good claims, changed; a claim of None is left out."""
    good: dict[str, Any] = {
        "iss": HOME,
        "aud": "us",
        "sub": "someone",
        "client_id": "client-1",
        "scope": "members:write cpd:write",
        "jti": "t1",
        "iat": NOW - 10,
        "nbf": NOW - 10,
        "exp": NOW + 890,
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


def signed(header: dict[str, Any] | None = None, key: Any = KEY, **changed: Any) -> str:
    """Return a token with these claims."""
    header = HEADER | (header or {})
    return jwt.encode(header, claims(**changed), key, algorithms=[header["alg"]], default_type=None)
