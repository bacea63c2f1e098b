"""The kite mark as a real app on a real, migrated database, with a clock that the test moves."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from services.kitemark.app import create_app
from services.kitemark.settings import Settings
from shared.database import Database
from shared.postgres.roles import ServiceUrls
from tests.callers import TRUSTED, issuer_transport
from tests.register.conftest import TestClock, register

__all__ = ["register"]


@dataclass
class Kitemark:
    """The running kite-mark service of one test."""

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
        cpd_url="http://cpd.test",
        client_id="kitemark",
        client_secret="a secret",
    )


@pytest.fixture
async def kitemark(loaded_kitemark_urls: ServiceUrls) -> AsyncIterator[Kitemark]:
    """A kite-mark service with its reference data loaded and nothing else, at 9:30 on 21 November 2026."""
    clock = TestClock()
    app = create_app(
        settings(loaded_kitemark_urls.app), clock=clock, transports={"issuers": issuer_transport()}
    )
    db: Database = app.state.db
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://kitemark.test") as http:
        yield Kitemark(app, http, db, clock, loaded_kitemark_urls)
    await db.close()
