"""The register's database: its journal is written last, and its constraints speak as refusals."""

from services.register.storage.constraints import REFUSALS
from services.register.storage.tables import journal
from shared.database import POOL_SIZE, Database
from shared.journal import writes_to


def connect(url: str, *, pool_size: int = POOL_SIZE) -> Database:
    """Return the database at ``url``, under the register's runtime role."""
    return Database(url, before_commit=writes_to(journal), refusals=REFUSALS, pool_size=pool_size)
