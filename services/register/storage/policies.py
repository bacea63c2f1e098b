"""Entry, licence and match policies as they were published. A version is written once and never changes."""

from datetime import date
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert

from services.register.domain.matching.policy import MatchPolicy, parse_match_policy
from services.register.domain.policy import (
    EntryPolicy,
    LicencePolicy,
    parse_entry_policy,
    parse_licence_policy,
)
from services.register.storage import tables
from services.register.storage.matching.tables import match_policies as match_policies_table
from shared.database import Transaction
from shared.journal import Record


async def entry_policies(tx: Transaction) -> tuple[EntryPolicy, ...]:
    """Return every version of the conditions of entry, those to come included."""
    return tuple(parse_entry_policy(body) for body in await _bodies(tx, tables.entry_policies))


async def licence_policies(tx: Transaction) -> tuple[LicencePolicy, ...]:
    """Return every version of the terms of a licence, those to come included."""
    return tuple(parse_licence_policy(body) for body in await _bodies(tx, tables.licence_policies))


async def match_policies(tx: Transaction) -> tuple[MatchPolicy, ...]:
    """Return every version of how rows are matched, those to come included."""
    return tuple(parse_match_policy(body) for body in await _bodies(tx, match_policies_table))


async def save_entry_policy(tx: Transaction, policy: EntryPolicy, *, record: Record) -> bool:
    """Write a version and the thresholds that the database checks licences by; False when it is there.

    Raises the refusal for a day on which another version begins already.
    """
    if not await _save(tx, tables.entry_policies, policy.version, policy.effective_from, policy.as_dict()):
        return False
    thresholds = [
        {
            "policy_version": policy.version,
            "scope": rule.scope.value,
            "framework": threshold.framework,
            "level": level,
            "minimum_credits": threshold.minimum_credits,
        }
        for rule in policy.scopes
        for threshold in rule.thresholds
        for level in sorted(threshold.levels)
    ]
    if thresholds:
        await tx.execute(insert(tables.entry_thresholds).values(thresholds))
    tx.record(record)
    return True


async def save_licence_policy(tx: Transaction, policy: LicencePolicy, *, record: Record) -> bool:
    """Write a version; False when it is there."""
    body = policy.as_dict()
    if not await _save(tx, tables.licence_policies, policy.version, policy.effective_from, body):
        return False
    tx.record(record)
    return True


async def save_match_policy(tx: Transaction, policy: MatchPolicy, *, record: Record) -> bool:
    """Write a version; False when it is there."""
    body = policy.as_dict()
    if not await _save(tx, match_policies_table, policy.version, policy.effective_from, body):
        return False
    tx.record(record)
    return True


async def _bodies(tx: Transaction, table: Table) -> list[dict[str, Any]]:
    rows = await tx.rows(select(table.c.body).order_by(table.c.effective_from))
    return [row.body for row in rows]


async def _save(tx: Transaction, table: Table, version: str, effective_from: date, body: Any) -> bool:
    written = insert(table).values(version=version, effective_from=effective_from, body=body)
    return bool(await tx.execute(written.on_conflict_do_nothing(index_elements=["version"])))
