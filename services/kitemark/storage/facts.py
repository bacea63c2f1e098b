"""How dated facts are written and read: inserted once, corrected by a new row, never changed.

Days are inclusive on both sides in the domain; in the database a range ends before its upper bound.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, func, insert, literal, select
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE, Range

from shared.database import Transaction
from shared.journal import Record

ONE_DAY = timedelta(days=1)
# A fact without days of its own: what was when is said by when it was known.
ALWAYS: Range[date] = Range(None, None, bounds="()")
# What every row of facts has; the rest is the fact's own content.
OWN_COLUMNS = frozenset({"row_id", "id", "corrects", "subject", "valid", "known", "txid"})


def days(first: date, last: date | None) -> Range[date]:
    """Return the days from ``first`` to ``last``, both included; None is without end."""
    return Range(first, None if last is None else last + ONE_DAY, bounds="[)")


def first_day(valid: Range[date]) -> date:
    """Return the first day of a range that was read."""
    assert valid.lower is not None  # noqa: S101 - days() always gives a first day
    return valid.lower


def last_day(valid: Range[date]) -> date | None:
    """Return the last day of a range that was read, or None where it has no end."""
    return None if valid.upper is None else valid.upper - ONE_DAY


def as_known(table: Table, known_at: datetime | None) -> ColumnElement[bool]:
    """Choose the versions that were held true at ``known_at``; None is now."""
    if known_at is None:
        return func.upper_inf(table.c.known)
    return table.c.known.contains(literal(known_at))


def on_day(table: Table, day: date) -> ColumnElement[bool]:
    """Choose the facts that are true on ``day``."""
    return table.c.valid.contains(literal(day))


async def assert_fact(
    tx: Transaction,
    table: Table,
    *,
    subject: str,
    valid: Range[date],
    record: Record,
    **content: Any,
) -> int:
    """Write a new fact, known from the record's instant, and return its id."""
    fact_id = await tx.scalar(
        insert(table)
        .values(subject=subject, valid=_range(valid), known=_known_from(record.at), **content)
        .returning(table.c.id)
    )
    tx.record(record)
    return int(fact_id)


async def correct_fact(
    tx: Transaction,
    table: Table,
    version: Row[Any],
    *,
    record: Record,
    valid: Range[date] | None = None,
    **changes: Any,
) -> None:
    """Write a new version of a fact that was read; the version it corrects stays readable.

    The constraint ``fact_already_corrected`` refuses when ``version`` is not the open one any more.
    """
    held = version._mapping
    content = {column.name: held[column.name] for column in table.c if column.name not in OWN_COLUMNS}
    await tx.execute(
        insert(table).values(
            **content
            | changes
            | {
                "id": held["id"],
                "corrects": held["row_id"],
                "subject": held["subject"],
                "valid": _range(held["valid"] if valid is None else valid),
                "known": _known_from(record.at),
            }
        )
    )
    tx.record(record)


async def versions(
    tx: Transaction, table: Table, *conditions: ColumnElement[bool], known_at: datetime | None = None
) -> Sequence[Row[Any]]:
    """Return the facts that meet the conditions as they were known, oldest first."""
    return await tx.rows(
        select(table).where(as_known(table, known_at), *conditions).order_by(table.c.valid, table.c.id)
    )


def _range(valid: Range[date]) -> ColumnElement[Any]:
    return literal(valid, DATERANGE)


def _known_from(instant: datetime) -> ColumnElement[Any]:
    return literal(Range(instant, None, bounds="[)"), TSTZRANGE)
