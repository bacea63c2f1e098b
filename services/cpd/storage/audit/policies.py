"""The terms of the audit as they were published. A version is written once and never changes."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.cpd.domain.audit.policy import AuditPolicy, parse_audit_policy
from services.cpd.storage.audit.tables import audit_policies
from shared.database import Transaction
from shared.journal import Record


async def published(tx: Transaction) -> tuple[AuditPolicy, ...]:
    """Return every version, those to come included."""
    rows = await tx.rows(select(audit_policies.c.body).order_by(audit_policies.c.effective_from))
    return tuple(parse_audit_policy(row.body) for row in rows)


async def save(tx: Transaction, policy: AuditPolicy, *, record: Record) -> bool:
    """Write a version; False when it is there."""
    written = insert(audit_policies).values(
        version=policy.version, effective_from=policy.effective_from, body=policy.as_dict()
    )
    if not await tx.execute(written.on_conflict_do_nothing(index_elements=["version"])):
        return False
    tx.record(record)
    return True
