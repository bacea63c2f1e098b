"""The database of the kite mark: its journal is written last, and its constraints speak as refusals."""

from services.kitemark.storage.constraints import REFUSALS
from services.kitemark.storage.tables import journal
from shared.database import POOL_SIZE, Database
from shared.journal import writes_to


def connect(url: str, *, pool_size: int = POOL_SIZE) -> Database:
    """Return the database at ``url``, under the runtime role of the kite mark."""
    return Database(url, before_commit=writes_to(journal), refusals=REFUSALS, pool_size=pool_size)
