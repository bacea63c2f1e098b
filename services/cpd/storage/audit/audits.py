"""Audits as they are announced: the strata with how their sizes are set, and how far an audit is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, text, update

from services.cpd.domain.audit.draw import AuditState
from services.cpd.storage.audit.tables import (
    audit_draws,
    audit_freezes,
    audit_seeds,
    audit_sizes,
    audit_strata,
    audits,
)
from shared.database import Transaction
from shared.draw import SeedKind, SeedSource
from shared.journal import Record
from shared.sampling import SizeRule

# One key for everything that opens cases: a case is opened by a draw or by hand, never by both at once.
OPENING = 0x61756474


@dataclass(frozen=True, kw_only=True, slots=True)
class Freeze:
    """What was fixed before the seed: the digest of the list, how many were left out, and the sizes."""

    frozen_on: date
    frozen_at: datetime
    register_position: int
    list_hash: str
    people: int
    excluded: Mapping[str, int]
    sizes: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Seed:
    """The seed as it was entered."""

    seed: str
    born_at: datetime
    entered_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldAudit:
    """An audit as it stands; ``freeze``, ``seed`` and ``drawn_at`` are None until there is such a thing."""

    id: int
    title: str
    state: AuditState
    source: SeedSource
    policy_version: str
    announced_at: datetime
    cancel_reason: str | None
    rules: Mapping[str, SizeRule]
    freeze: Freeze | None
    seed: Seed | None
    drawn_at: datetime | None


async def let_nobody_else_open(tx: Transaction) -> None:
    """Let nobody else freeze, draw or open a case until the transaction ends."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": OPENING})


async def announce(
    tx: Transaction,
    *,
    title: str,
    source: SeedSource,
    rules: Mapping[str, SizeRule],
    policy_version: str,
    announced_by: str,
    announced_at: datetime,
    record: Callable[[int], Record],
) -> int:
    """Write an audit with its strata and return its id, for which the record is made."""
    audit_id = int(
        await tx.scalar(
            insert(audits)
            .values(
                title=title,
                state=AuditState.ANNOUNCED.value,
                seed_kind=source.kind.value,
                seed_where=source.where,
                seed_expected_at=source.expected_at,
                policy_version=policy_version,
                announced_by=announced_by,
                announced_at=announced_at,
            )
            .returning(audits.c.id)
        )
    )
    await tx.execute(
        insert(audit_strata),
        [_row(audit_id, *each) for each in sorted(rules.items(), key=lambda each: each[0])],
    )
    tx.record(record(audit_id))
    return audit_id


async def move(
    tx: Transaction, audit_id: int, state: AuditState, *, record: Record, cancel_reason: str | None = None
) -> None:
    """Write how far an audit is now; the caller holds its lock."""
    moved = update(audits).where(audits.c.id == audit_id)
    await tx.execute(moved.values(state=state.value, cancel_reason=cancel_reason))
    tx.record(record)


async def write_seed(
    tx: Transaction, audit_id: int, *, seed: str, born_at: datetime, entered_by: str, record: Record
) -> None:
    """Write the seed; the constraint ``audit_seeds_after_the_freeze`` refuses one that is too old."""
    await tx.execute(
        insert(audit_seeds).values(
            audit_id=audit_id, seed=seed, born_at=born_at, entered_by=entered_by, entered_at=record.at
        )
    )
    tx.record(record)


async def lock(tx: Transaction, audit_id: int) -> HeldAudit | None:
    """Return an audit, which nobody else moves until the transaction ends; None where there is none."""
    held = await tx.row(select(audits.c.id).where(audits.c.id == audit_id).with_for_update())
    return None if held is None else await find(tx, audit_id)


async def find(tx: Transaction, audit_id: int) -> HeldAudit | None:
    """Return an audit, or None."""
    row = await tx.row(_read().where(audits.c.id == audit_id))
    return None if row is None else (await _held(tx, [row]))[0]


async def page(tx: Transaction, *, after: int, limit: int) -> Sequence[HeldAudit]:
    """Return audits in the order in which they were announced."""
    return await _held(
        tx, await tx.rows(_read().where(audits.c.id > after).order_by(audits.c.id).limit(limit))
    )


def _read() -> Select[Any]:
    freeze, seed, draw = audit_freezes.c, audit_seeds.c, audit_draws.c
    return (
        select(
            audits.c.id,
            audits.c.title,
            audits.c.state,
            audits.c.seed_kind,
            audits.c.seed_where,
            audits.c.seed_expected_at,
            audits.c.policy_version,
            audits.c.announced_at,
            audits.c.cancel_reason,
            freeze.frozen_on,
            freeze.frozen_at,
            freeze.register_position,
            freeze.list_hash,
            freeze.people,
            freeze.excluded,
            seed.seed,
            seed.born_at,
            seed.entered_by,
            draw.drawn_at,
        )
        .outerjoin(audit_freezes, freeze.audit_id == audits.c.id)
        .outerjoin(audit_seeds, seed.audit_id == audits.c.id)
        .outerjoin(audit_draws, draw.audit_id == audits.c.id)
    )


async def _held(tx: Transaction, rows: Sequence[Row[Any]]) -> list[HeldAudit]:
    ids = [row.id for row in rows]
    strata = await tx.rows(
        select(
            audit_strata.c.audit_id,
            audit_strata.c.association,
            audit_strata.c.rate,
            audit_strata.c.size,
            audit_strata.c.tolerable_rate,
            audit_strata.c.confidence,
            audit_sizes.c.population,
            audit_sizes.c.size.label("fixed"),
        )
        .outerjoin(
            audit_sizes,
            (audit_sizes.c.audit_id == audit_strata.c.audit_id)
            & (audit_sizes.c.association == audit_strata.c.association),
        )
        .where(audit_strata.c.audit_id == func.any(ids))
        .order_by(audit_strata.c.association)
    )
    return [_audit(row, [each for each in strata if each.audit_id == row.id]) for row in rows]


def _audit(row: Row[Any], strata: Sequence[Row[Any]]) -> HeldAudit:
    return HeldAudit(
        id=row.id,
        title=row.title,
        state=AuditState(row.state),
        source=SeedSource(
            kind=SeedKind(row.seed_kind), where=row.seed_where, expected_at=row.seed_expected_at
        ),
        policy_version=row.policy_version,
        announced_at=row.announced_at,
        cancel_reason=row.cancel_reason,
        rules={each.association: _rule(each) for each in strata},
        freeze=None if row.frozen_at is None else _freeze(row, strata),
        seed=None
        if row.seed is None
        else Seed(seed=row.seed, born_at=row.born_at, entered_by=row.entered_by),
        drawn_at=row.drawn_at,
    )


def _row(audit_id: int, association: str, rule: SizeRule) -> dict[str, Any]:
    return {
        "audit_id": audit_id,
        "association": association,
        "rate": rule.rate,
        "size": rule.size,
        "tolerable_rate": rule.tolerable_rate,
        "confidence": rule.confidence,
    }


def _rule(row: Row[Any]) -> SizeRule:
    return SizeRule(
        rate=row.rate, size=row.size, tolerable_rate=row.tolerable_rate, confidence=row.confidence
    )


def _freeze(row: Row[Any], strata: Sequence[Row[Any]]) -> Freeze:
    return Freeze(
        frozen_on=row.frozen_on,
        frozen_at=row.frozen_at,
        register_position=row.register_position,
        list_hash=row.list_hash,
        people=row.people,
        excluded=row.excluded,
        sizes={each.association: (each.population, each.fixed) for each in strata},
    )
