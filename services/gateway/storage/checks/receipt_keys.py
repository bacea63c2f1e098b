"""The public keys of receipts ↔ rows: kept for good, so that a receipt outlives the rotation of its key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from services.gateway.storage.checks.tables import receipt_keys
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptKey:
    """A public key, and since when it is no longer trusted."""

    jwk: Mapping[str, Any]
    distrusted_at: datetime | None


_KEY = (receipt_keys.c.jwk, receipt_keys.c.distrusted_at)


async def keep(tx: Transaction, jwk: Mapping[str, Any], *, at: datetime, record: Record) -> None:
    """Keep a public key with the first receipt that it signs; ``record`` tells of it then."""
    kept = await tx.row(
        insert(receipt_keys)
        .values(kid=jwk["kid"], jwk=dict(jwk), first_used_at=at)
        .on_conflict_do_nothing()
        .returning(receipt_keys.c.kid)
    )
    if kept is not None:
        tx.record(record)


async def find(tx: Transaction, kid: str) -> ReceiptKey | None:
    """Return the key of this name, or None."""
    row = await tx.row(select(*_KEY).where(receipt_keys.c.kid == kid))
    return None if row is None else ReceiptKey(jwk=row.jwk, distrusted_at=row.distrusted_at)


async def list_all(tx: Transaction) -> Sequence[ReceiptKey]:
    """Return every key that signed a receipt, the oldest first."""
    rows = await tx.rows(select(*_KEY).order_by(receipt_keys.c.first_used_at, receipt_keys.c.kid))
    return [ReceiptKey(jwk=row.jwk, distrusted_at=row.distrusted_at) for row in rows]


async def distrust(tx: Transaction, kid: str, *, at: datetime, record: Record) -> bool:
    """Trust a key no longer; False where there is none, or none that was still trusted."""
    changed = await tx.row(
        update(receipt_keys)
        .where(receipt_keys.c.kid == kid, receipt_keys.c.distrusted_at.is_(None))
        .values(distrusted_at=at)
        .returning(receipt_keys.c.kid)
    )
    if changed is not None:
        tx.record(record)
    return changed is not None
