"""A database of the register's, used here for its journal and its idempotency keys only."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.register.storage.tables import journal
from shared.database import Database
from shared.journal import writes_to
from shared.postgres.roles import ServiceUrls
from tests.shared.teapots import teapots


@pytest.fixture
async def db(register_urls: ServiceUrls) -> AsyncIterator[Database]:
    """A database whose transactions end by writing the journal."""
    database = Database(register_urls.app, before_commit=writes_to(journal))
    yield database
    await database.close()


@pytest.fixture
async def http(db: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service of teapots."""
    async with teapots(db) as client:
        yield client
