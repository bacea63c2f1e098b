"""CPD policies as they were published. A version is written once and never changes."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.cpd.domain.policy import Policy, parse_policy
from services.cpd.storage.tables import policies
from shared.database import Transaction
from shared.journal import Record


async def every(tx: Transaction) -> tuple[Policy, ...]:
    """Return every version of every policy, those to come included."""
    rows = await tx.rows(select(policies.c.body).order_by(policies.c.effective_from, policies.c.version))
    return tuple(parse_policy(row.body) for row in rows)


async def save(tx: Transaction, policy: Policy, *, record: Record) -> bool:
    """Write a version; False when it is there.

    Raises the refusal for a day on which another version for the same members begins already.
    """
    written = insert(policies).values(
        version=policy.version,
        association=policy.association,
        level=policy.level.value,
        effective_from=policy.effective_from,
        body=policy.as_dict(),
    )
    if not await tx.execute(written.on_conflict_do_nothing(index_elements=["version"])):
        return False
    tx.record(record)
    return True
