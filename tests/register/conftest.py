"""The register as a real app on a real, migrated database, with a clock that the test moves."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from services.register.app import create_app
from services.register.settings import Settings
from shared.database import Database
from shared.postgres.roles import ServiceUrls
from tests.callers import TRUSTED, issuer_transport


@dataclass
class TestClock:
    """A clock that stands still until the test moves it."""

    __test__ = False
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 9, 30, tzinfo=UTC))

    def __call__(self) -> datetime:
        """Return the instant that the test set."""
        return self.now


@dataclass
class Register:
    """The running register of one test."""

    app: FastAPI
    http: httpx.AsyncClient
    db: Database
    clock: TestClock
    urls: ServiceUrls


@pytest.fixture
async def register(loaded_register_urls: ServiceUrls) -> AsyncIterator[Register]:
    """A register with its reference data loaded and nobody in it, at 9:30 on 21 November 2026."""
    clock = TestClock()
    app = create_app(
        Settings(
            database_url=loaded_register_urls.app,
            environment="development",
            trusted_issuers=[TRUSTED],
            errors_url="https://errors.test",
            token_url="https://issuer.test/oauth/token",
        ),
        clock=clock,
        transport=issuer_transport(),
    )
    db: Database = app.state.db
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as http:
        yield Register(app, http, db, clock, loaded_register_urls)
    await db.close()
