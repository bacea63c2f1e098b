"""The credit bank ↔ rows: every version of every credit, and the policy by which it expires."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Row, Select, and_, cast, func, select

from services.cpd.domain.credits.credit import Credit, CreditSource
from services.cpd.domain.credits.module import CreditValue, expires_on
from services.cpd.storage.credits.tables import credits, modules
from services.cpd.storage.facts import as_known, assert_fact, correct_fact, days, first_day
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldCredit:
    """Credit as it is or was known; ``expires_on`` is the first day on which it counts no more.

    ``credit_id`` is the association's own id, None where a recognition led to it.
    """

    id: int
    association: str
    credit_id: str | None
    recognition: int | None
    credit: Credit
    expires_on: date | None
    void_reason: str | None
    known_from: datetime
    version: Row[Any]


async def find(tx: Transaction, association: str, credit_id: str) -> HeldCredit | None:
    """Return an association's credit by its own id, or None."""
    row = await tx.row(
        _chosen(None).where(
            credits.c.association == association,
            credits.c.credit_id == credit_id,
            as_known(credits, None),
        )
    )
    return None if row is None else _held(row)


async def find_by_id(tx: Transaction, association: str, id_: int) -> HeldCredit | None:
    """Return an association's credit by our id, or None."""
    row = await tx.row(
        _chosen(None).where(
            credits.c.id == id_, credits.c.association == association, as_known(credits, None)
        )
    )
    return None if row is None else _held(row)


async def versions(tx: Transaction, association: str, id_: int) -> Sequence[HeldCredit]:
    """Return every version of an association's credit, oldest first."""
    chosen = _chosen(None).where(credits.c.id == id_, credits.c.association == association)
    return [_held(row) for row in await tx.rows(chosen.order_by(credits.c.row_id))]


async def of_person(
    tx: Transaction,
    numbers: Sequence[str],
    *,
    day: date,
    known_at: datetime | None,
    after: int = 0,
    limit: int | None = None,
) -> Sequence[HeldCredit]:
    """Return the credit of a person that was awarded by a day and not voided, expired credit too."""
    chosen = _chosen(known_at).where(
        credits.c.number == func.any(list(numbers)),
        func.lower(credits.c.valid) <= day,
        credits.c.void_reason.is_(None),
        credits.c.id > after,
        as_known(credits, known_at),
    )
    return [_held(row) for row in await tx.rows(chosen.order_by(credits.c.id).limit(limit))]


async def write(
    tx: Transaction,
    credit: Credit,
    *,
    association: str,
    credit_id: str | None,
    recognition: int | None = None,
    record: Record,
) -> int:
    """Write new credit and return our id of it."""
    return await assert_fact(
        tx,
        credits,
        number=credit.number,
        valid=days(credit.awarded_on, None),
        record=record,
        association=association,
        credit_id=credit_id,
        recognition=recognition,
        void_reason=None,
        **_content(credit),
    )


async def amend(
    tx: Transaction, held: HeldCredit, credit: Credit, *, record: Record, void_reason: str | None = None
) -> None:
    """Write another version of credit; those before it stay readable."""
    content = {**_content(credit), "void_reason": void_reason}
    valid = days(credit.awarded_on, None)
    await correct_fact(tx, credits, held.version, valid=valid, record=record, **content)


def _chosen(known_at: datetime | None) -> Select[Any]:
    """Choose credit with the policy of its module version as it was known."""
    of_module = and_(
        modules.c.association == credits.c.module_association,
        modules.c.code == credits.c.module_id,
        modules.c.version == credits.c.module_version,
        as_known(modules, known_at),
    )
    months = cast(modules.c.content["expires_after_months"].astext, Integer).label("months")
    return select(credits, months).outerjoin(modules, of_module)


def _content(credit: Credit) -> dict[str, Any]:
    association, _, own_id = credit.module.partition("/")
    return {
        "source": credit.source.value,
        "module_association": association,
        "module_id": own_id,
        "module_version": credit.module_version,
        "framework": credit.value.framework,
        "level": credit.value.level,
        "credits": credit.value.credits,
        "awarding_body": credit.awarding_body,
        "reference": credit.reference,
    }


def _held(row: Row[Any]) -> HeldCredit:
    awarded_on = first_day(row.valid)
    return HeldCredit(
        id=row.id,
        association=row.association,
        credit_id=row.credit_id,
        recognition=row.recognition,
        credit=Credit(
            number=row.number,
            module=f"{row.module_association}/{row.module_id}",
            module_version=row.module_version,
            value=CreditValue(framework=row.framework, level=row.level, credits=row.credits),
            awarding_body=row.awarding_body,
            awarded_on=awarded_on,
            source=CreditSource(row.source),
            reference=row.reference,
        ),
        expires_on=expires_on(awarded_on, row.months),
        void_reason=row.void_reason,
        known_from=row.known.lower,
        version=row,
    )
