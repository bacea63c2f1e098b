"""The gateway as a real app on a real, migrated database, with a clock that the test moves."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.postgres.roles import ServiceUrls
from tests.gateway.make import Gateway, TestClock, keys_file, running, settings


@pytest.fixture
async def gateway(gateway_urls: ServiceUrls, tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway without clients, at 9:30 on 21 November 2026."""
    clock = TestClock()
    async with running(settings(gateway_urls, keys_file(tmp_path, clock)), clock) as found:
        yield found
