"""A person's texts and files taken out of every version; days, hours, draws and outcomes stay."""

from collections.abc import Sequence

from services.cpd.storage.evidence.files import forget
from shared.database import Transaction
from shared.journal import Record


async def erase(tx: Transaction, numbers: Sequence[str], *, record: Record) -> None:
    """Take out what was written about a person under these numbers; told again, nothing is left to take."""
    files = await forget(tx, numbers)
    touched = await tx.driver.fetchval("SELECT erase_person($1::text[])", list(numbers))
    touched += await tx.driver.fetchval("SELECT erase_credits($1::text[])", list(numbers))
    if touched or files:
        tx.record(record)
