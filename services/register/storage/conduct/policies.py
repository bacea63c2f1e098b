"""The terms of complaints and alerts as they were published. A version is written once and never changes."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.register.domain.conduct.policy import ConductPolicy, parse_conduct_policy
from services.register.storage.conduct.tables import conduct_policies
from shared.database import Transaction
from shared.journal import Record


async def published(tx: Transaction) -> tuple[ConductPolicy, ...]:
    """Return every version, those to come included."""
    rows = await tx.rows(select(conduct_policies.c.body).order_by(conduct_policies.c.effective_from))
    return tuple(parse_conduct_policy(row.body) for row in rows)


async def save(tx: Transaction, policy: ConductPolicy, *, record: Record) -> bool:
    """Write a version; False when it is there."""
    written = insert(conduct_policies).values(
        version=policy.version, effective_from=policy.effective_from, body=policy.as_dict()
    )
    if not await tx.execute(written.on_conflict_do_nothing(index_elements=["version"])):
        return False
    tx.record(record)
    return True
