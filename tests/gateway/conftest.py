"""The gateway as a real app on a real, migrated database, with a clock that the test moves."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.gateway.clients import upstream
from shared.postgres.roles import ServiceUrls
from tests.callers import TRUSTED, issuer_transport
from tests.gateway.make import Gateway, TestClock, keys_file, running, settings
from tests.register.conftest import Register, register

__all__ = ["register"]


@pytest.fixture
async def gateway(gateway_urls: ServiceUrls, tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway without clients, at 9:30 on 21 November 2026."""
    clock = TestClock()
    async with running(settings(gateway_urls, keys_file(tmp_path, clock)), clock) as found:
        yield found


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the real register take its time: on a busy machine its answer can be later than the deadline."""
    monkeypatch.setattr(upstream, "TIMEOUT_SECONDS", 60.0)


@pytest.fixture
async def front(
    register: Register,
    gateway_urls: ServiceUrls,
    tmp_path: Path,
    patient: None,
) -> AsyncIterator[Gateway]:
    """The gateway before the real register, both trusting the tests' issuer."""
    clock = TestClock()
    chosen = settings(gateway_urls, keys_file(tmp_path, clock), trusted_issuers=[TRUSTED])
    transports = {"register": httpx.ASGITransport(app=register.app), "issuers": issuer_transport()}
    async with running(chosen, clock, transports) as found:
        yield found
