"""Checks ↔ rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, insert, select

from services.gateway.domain.checks.check import Check, Checker, CheckKind
from services.gateway.storage.checks.tables import checks
from shared.database import Transaction
from shared.journal import Record

_CHECK = (
    checks.c.id,
    checks.c.reference,
    checks.c.kind,
    checks.c.client_id,
    checks.c.urn,
    checks.c.association,
    checks.c.purpose,
    checks.c.subjects,
    checks.c.made_at,
    checks.c.told_from,
    checks.c.asked,
    checks.c.said,
    checks.c.positions,
    checks.c.receipt,
)
# The rows of one batch may be half a megabyte, so lists leave them where they are.
_WHOLE = (*_CHECK, checks.c["rows"])


async def add(tx: Transaction, check: Check, *, record: Record) -> None:
    """Store a check for good."""
    await tx.execute(
        insert(checks).values(
            reference=check.reference,
            kind=check.kind.value,
            client_id=check.checker.client_id,
            urn=check.checker.urn,
            association=check.checker.association,
            purpose=check.purpose,
            subjects=list(check.subjects),
            made_at=check.made_at,
            told_from=check.told_from,
            asked=dict(check.asked),
            said=dict(check.said),
            rows=None if check.rows is None else list(check.rows),
            positions=dict(check.positions),
            receipt=check.receipt,
        )
    )
    tx.record(record)


async def find(tx: Transaction, reference: str) -> Check | None:
    """Return the check of this reference, or None."""
    row = await tx.row(select(*_WHOLE).where(checks.c.reference == reference))
    return None if row is None else _check(row)


async def of_client(
    tx: Transaction, client_id: str, *, before: int | None, limit: int
) -> Sequence[tuple[int, Check]]:
    """Return a client's checks with the place of each, the newest first, without their rows."""
    wanted = select(*_CHECK).where(checks.c.client_id == client_id)
    if before is not None:
        wanted = wanted.where(checks.c.id < before)
    rows = await tx.rows(wanted.order_by(checks.c.id.desc()).limit(limit))
    return [(row.id, _check(row)) for row in rows]


async def about(
    tx: Transaction, subject: str, *, told_by: datetime, before: int | None, limit: int
) -> Sequence[tuple[int, Check]]:
    """Return as ``of_client`` the checks of a number that the person may know of by ``told_by``."""
    wanted = select(*_CHECK).where(checks.c.subjects.contains([subject]), checks.c.told_from <= told_by)
    if before is not None:
        wanted = wanted.where(checks.c.id < before)
    rows = await tx.rows(wanted.order_by(checks.c.id.desc()).limit(limit))
    return [(row.id, _check(row)) for row in rows]


def _check(row: Row[tuple[object, ...]]) -> Check:
    return Check(
        reference=row.reference,
        kind=CheckKind(row.kind),
        checker=Checker(client_id=row.client_id, urn=row.urn, association=row.association),
        purpose=row.purpose,
        subjects=tuple(row.subjects),
        made_at=row.made_at,
        told_from=row.told_from,
        asked=row.asked,
        said=row.said,
        rows=row._mapping.get("rows"),
        positions=row.positions,
        receipt=row.receipt,
    )
