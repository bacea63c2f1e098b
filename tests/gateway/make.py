"""Builders: a gateway on a database of its own, clients in it, their tokens and assertions."""

import base64
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from services.gateway.app import create_app
from services.gateway.domain.credentials import ASSERTION_TYPE
from services.gateway.operations import clients, signing_keys
from services.gateway.settings import Settings
from shared.actor import Actor
from shared.database import Database
from shared.postgres.roles import ServiceUrls
from shared.tokens import TokenVerifier

ISSUER = "https://gateway.test"
AUDIENCE = "careers-register"
OPERATOR = Actor.system("test")
PARTIES = {
    "association": {"association": "ICG"},
    "award-body": {"body": "body-1"},
    "school": {"urn": "100000"},
}


@dataclass
class TestClock:
    """A clock that stands still until the test moves it."""

    __test__ = False
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 9, 30, tzinfo=UTC))

    def __call__(self) -> datetime:
        """Return the instant that the test set."""
        return self.now

    def move(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@dataclass
class Gateway:
    """The running gateway of one test."""

    app: FastAPI
    http: httpx.AsyncClient
    db: Database
    clock: TestClock
    settings: Settings

    @property
    def tokens(self) -> TokenVerifier:
        """The gateway's own verifier."""
        found: TokenVerifier = self.app.state.tokens
        return found

    async def actor(self, token: str) -> Actor:
        """Return whom the gateway takes the bearer of a token for."""
        return await self.tokens.actor(f"Bearer {token}", now=self.clock().timestamp())

    async def client(self, kind: str = "association", **values: Any) -> tuple[str, str]:
        """Make a client and return its id and secret."""
        given = {"name": "A client", "parties": PARTIES.get(kind, {}), **values}
        client, secret = await clients.create(self.db, kind=kind, actor=OPERATOR, now=self.clock(), **given)
        return client.client_id, secret

    async def post(self, path: str, form: Mapping[str, str], **request: Any) -> httpx.Response:
        """Send a form."""
        return await self.http.post(path, data=dict(form), **request)

    async def ask(self, client_id: str, secret: str, /, **form: str) -> httpx.Response:
        """Ask for a token by client_secret_basic."""
        asked = {"grant_type": "client_credentials", **form}
        return await self.post("/oauth/token", asked, headers=basic(client_id, secret))

    async def token(self, client_id: str, secret: str, /, **form: str) -> str:
        """Return a token, which is given."""
        answer = await self.ask(client_id, secret, **form)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])


def settings(urls: ServiceUrls, keys: Path, **changed: Any) -> Settings:
    """Return the settings of a gateway for tests."""
    usual = {
        "database_url": urls.app,
        "environment": "development",
        "issuer": ISSUER,
        "signing_keys_file": keys,
        "trusted_issuers": [],
        "register_url": "http://register.test",
        "cpd_url": "http://cpd.test",
        "kitemark_url": "http://kitemark.test",
        "errors_url": "https://errors.test",
    }
    return Settings(**(usual | changed))


def keys_file(folder: Path, clock: TestClock) -> Path:
    """Return a new file of signing keys, as production would have it."""
    path = folder / "signing-keys.json"
    signing_keys.rotate(path, at_once=True, now=clock())
    return path


@asynccontextmanager
async def running(
    settings: Settings, clock: TestClock, transports: Mapping[str, httpx.AsyncBaseTransport] | None = None
) -> AsyncIterator[Gateway]:
    """Run a gateway with these settings; neighbours and outside issuers are silent unless given."""
    silent = httpx.MockTransport(lambda _: httpx.Response(503))
    app = create_app(
        settings,
        clock=clock,
        transports={
            "register": silent,
            "cpd": silent,
            "kitemark": silent,
            "issuers": silent,
            **(transports or {}),
        },
    )
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=ISSUER) as http,
    ):
        yield Gateway(app, http, app.state.db, clock, settings)


def basic(client_id: str, secret: str) -> dict[str, str]:
    """Return the header of client_secret_basic."""
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def private_key(kid: str = "own-1", kind: str = "EC") -> ECKey | RSAKey:
    """Make a client's own key."""
    parameters = {"kid": kid}
    if kind == "EC":
        return ECKey.generate_key("P-256", parameters=parameters)
    return RSAKey.generate_key(2048, parameters=parameters)


def assertion(client_id: str, key: ECKey | RSAKey, clock: TestClock, **changed: Any) -> dict[str, str]:
    """Return the form of a client that authenticates by private_key_jwt; a claim of None is left out."""
    now = int(clock().timestamp())
    algorithm = "ES256" if isinstance(key, ECKey) else "RS256"
    header = {"alg": algorithm, "kid": key.kid, **changed.pop("header", {})}
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": f"{ISSUER}/oauth/token",
        "jti": uuid.uuid4().hex,
        "iat": now,
        "exp": now + 60,
        **changed,
    }
    said = {name: value for name, value in claims.items() if value is not None}
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": jwt.encode(header, said, key, algorithms=[header["alg"]]),
    }


def refused(answer: httpx.Response, status: int, error: str) -> None:
    """Assert that the answer is a refusal in OAuth's words, which no cache keeps."""
    assert (answer.status_code, answer.json().get("error")) == (status, error), answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.json()) == {"error", "error_description"}
    assert ("www-authenticate" in answer.headers) == (status == 401)
