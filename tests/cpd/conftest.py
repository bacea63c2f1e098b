"""CPD as a real app on a real, migrated database, with a clock that the test moves."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from services.cpd.app import create_app
from services.cpd.settings import Settings
from shared.database import Database
from shared.postgres.roles import ServiceUrls
from tests.callers import TRUSTED, issuer_transport
from tests.register.conftest import TestClock, register

__all__ = ["register"]


@dataclass
class Cpd:
    """The running CPD service of one test."""

    app: FastAPI
    http: httpx.AsyncClient
    db: Database
    clock: TestClock
    urls: ServiceUrls


def settings(url: str) -> Settings:
    """Return settings under which the service runs in a test."""
    return Settings(
        database_url=url,
        environment="development",
        trusted_issuers=[TRUSTED],
        errors_url="https://errors.test",
        token_url="https://issuer.test/oauth/token",
        register_url="http://register.test",
        client_id="cpd",
        client_secret="a secret",
        evidence_url="memory:///",
    )


@pytest.fixture
async def cpd(loaded_cpd_urls: ServiceUrls) -> AsyncIterator[Cpd]:
    """A CPD service with its reference data loaded that knows nobody, at 9:30 on 21 November 2026."""
    clock = TestClock()
    app = create_app(settings(loaded_cpd_urls.app), clock=clock, transports={"issuers": issuer_transport()})
    db: Database = app.state.db
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://cpd.test") as http:
        yield Cpd(app, http, db, clock, loaded_cpd_urls)
    await db.close()
