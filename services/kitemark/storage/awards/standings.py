"""Validations of schemes and authorities of bodies ↔ rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, select

from services.kitemark.domain.awards.mark import Span
from services.kitemark.storage.awards.tables import authorities, validations
from services.kitemark.storage.facts import as_known, assert_fact, correct_fact, days, first_day, last_day
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldSpan:
    """A validation or an authority as it is known; ``version`` is what a correction has to name."""

    span: Span
    decision: str
    conditions: tuple[str, ...]
    decided_by: str
    version: Row[Any]


async def hold(tx: Transaction, key: str, *, to_write: bool) -> None:
    """Keep what is known of a scheme or body as it is until the transaction ends.

    Whoever only relies on it holds it together with others; whoever writes it holds it alone.
    """
    shared = "" if to_write else "_shared"
    await tx.driver.execute(f"SELECT pg_advisory_xact_lock{shared}(hashtextextended($1, 2))", key)


async def validate(
    tx: Transaction,
    scheme: str,
    *,
    first: date,
    last: date | None,
    decision: str,
    conditions: Sequence[str],
    source: str,
    record: Record,
) -> int:
    """Write that a scheme is validated on some days; return the fact's id."""
    return await assert_fact(
        tx,
        validations,
        subject=scheme,
        valid=days(first, last),
        record=record,
        decision=decision,
        conditions=list(conditions),
        source=source,
        decided_by=record.actor.subject,
    )


async def authorise(
    tx: Transaction,
    body: str,
    *,
    scheme: str,
    first: date,
    last: date | None,
    basis: str,
    source: str,
    record: Record,
) -> int:
    """Write that a body may give the awards of a scheme on some days; return the fact's id."""
    return await assert_fact(
        tx,
        authorities,
        subject=body,
        valid=days(first, last),
        record=record,
        scheme=scheme,
        basis=basis,
        source=source,
        decided_by=record.actor.subject,
    )


async def end(tx: Transaction, held: HeldSpan, *, last: date, of_body: bool, record: Record) -> None:
    """Write on which day it ends; the version before stays readable."""
    table = authorities if of_body else validations
    await correct_fact(tx, table, held.version, valid=days(held.span.first, last), record=record)


async def annul(tx: Transaction, held: HeldSpan, *, of_body: bool, record: Record) -> None:
    """Write that it never held; what was known of it stays readable, and its days are free for another."""
    table = authorities if of_body else validations
    await correct_fact(tx, table, held.version, never_held=True, record=record)


async def validation(tx: Transaction, id_: int) -> HeldSpan | None:
    """Return a validation as it is known now, or None."""
    return await _one(tx, validations, id_)


async def authority(tx: Transaction, id_: int) -> HeldSpan | None:
    """Return an authority as it is known now, or None."""
    return await _one(tx, authorities, id_)


async def all_validations(tx: Transaction, *, known_at: datetime | None) -> Sequence[HeldSpan]:
    """Return every validation as it was known: there are some dozens."""
    return await _all(tx, validations, known_at)


async def all_authorities(
    tx: Transaction, *, known_at: datetime | None, bodies: Collection[str] | None = None
) -> Sequence[HeldSpan]:
    """Return every authority as it was known, of these bodies where some are named."""
    found = await _all(tx, authorities, known_at)
    return [each for each in found if bodies is None or each.span.body in bodies]


async def _one(tx: Transaction, table: Table, id_: int) -> HeldSpan | None:
    row = await tx.row(select(table).where(_holds(table, None), table.c.id == id_))
    return None if row is None else _held(row)


async def _all(tx: Transaction, table: Table, known_at: datetime | None) -> list[HeldSpan]:
    rows = await tx.rows(select(table).where(_holds(table, known_at)).order_by(table.c.subject, table.c.id))
    return [_held(row) for row in rows]


def _holds(table: Table, known_at: datetime | None) -> ColumnElement[bool]:
    """Choose what was held to stand: a version that says that it never did is not among it."""
    return as_known(table, known_at) & ~table.c.never_held


def _held(row: Row[Any]) -> HeldSpan:
    given = row._mapping
    of_body = "scheme" in given
    return HeldSpan(
        span=Span(
            scheme=given["scheme"] if of_body else given["subject"],
            body=given["subject"] if of_body else None,
            first=first_day(given["valid"]),
            last=last_day(given["valid"]),
            source=given["source"],
            fact_id=given["id"],
        ),
        decision=given["basis"] if of_body else given["decision"],
        conditions=() if of_body else tuple(given["conditions"]),
        decided_by=given["decided_by"],
        version=row,
    )
