"""Callers for tests: real tokens, signed by an issuer of the test's own whose keys are served in process."""

import time
import uuid
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from shared.tokens import TrustedIssuer

ISSUER = "https://issuer.test"
AUDIENCE = "careers-register"
TRUSTED = TrustedIssuer(
    issuer=ISSUER,
    jwks_url=f"{ISSUER}/jwks.json",
    audience=AUDIENCE,
    revocations_url=f"{ISSUER}/revocations.json",
)

_KEY = ECKey.generate_key("P-256", parameters={"kid": "test-1", "use": "sig", "alg": "ES256"})


def issuer_transport() -> httpx.MockTransport:
    """Serve the issuer's keys and an empty list of revocations."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/jwks.json":
            return httpx.Response(200, json={"keys": [_KEY.as_dict(private=False)]})
        return httpx.Response(200, json={"tokens": [], "clients": {}})

    return httpx.MockTransport(answer)


def token(*scopes: str, subject: str = "someone", at: float | None = None, **claims: Any) -> str:
    """Return an access token that lasts until far beyond any test clock, unless ``exp`` says otherwise."""
    issued = int(at if at is not None else time.time())
    content = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "client_id": claims.pop("client_id", subject),
        "scope": " ".join(scopes),
        "jti": uuid.uuid4().hex,
        "iat": issued,
        "nbf": 0,
        "exp": 2**33,
        **claims,
    }
    return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": "test-1"}, content, _KEY)


def bearer(*scopes: str, subject: str = "someone", **claims: Any) -> dict[str, str]:
    """Return the headers of a caller with these scopes."""
    return {"Authorization": f"Bearer {token(*scopes, subject=subject, **claims)}"}


def association(code: str = "ICG", *, subject: str | None = None) -> dict[str, str]:
    """Return the headers of an association's system."""
    return bearer("members:write", subject=subject or f"{code.lower()}-system", association=code)


def registrar(name: str = "registrar-one") -> dict[str, str]:
    """Return the headers of a registrar."""
    return bearer("register:decide", subject=name)
