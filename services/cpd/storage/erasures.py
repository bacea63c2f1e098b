"""A person's texts taken out of every version; days, hours, draws and outcomes stay."""

from collections.abc import Sequence

from shared.database import Transaction
from shared.journal import Record


async def erase(tx: Transaction, numbers: Sequence[str], *, record: Record) -> None:
    """Take out what was written about a person under these numbers; told again, nothing is left to take."""
    touched = await tx.driver.fetchval("SELECT erase_person($1::text[])", list(numbers))
    if touched:
        tx.record(record)
