"""Licences and their scopes: issued, ended early, found when they are due to lapse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, insert, literal, select
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE, Range

from services.register.domain.policy import Scope
from services.register.storage.facts import (
    ONE_DAY,
    as_known,
    assert_fact,
    correct_fact,
    days,
    first_day,
    last_day,
    versions,
)
from services.register.storage.tables import licence_scopes, licences
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldLicence:
    """A licence as it is known now; ``version`` is what a correction has to name."""

    licence_id: int
    person_id: int
    application_id: int
    holding_id: int
    valid_from: date
    valid_to: date
    ended: str | None
    version: Row[Any]

    def in_force(self, day: date) -> bool:
        """Tell whether the licence holds on the day."""
        return self.valid_from <= day <= self.valid_to


async def issue(
    tx: Transaction,
    *,
    person_id: int,
    application_id: int,
    holding_id: int,
    policy_version: str,
    valid_from: date,
    valid_to: date,
    scopes: Sequence[Scope],
    record: Record,
) -> int:
    """Write a licence with its scopes, for the same days, and return its id."""
    valid = days(valid_from, valid_to)
    licence_id = await assert_fact(
        tx,
        licences,
        person_id=person_id,
        valid=valid,
        record=record,
        application_id=application_id,
        holding_id=holding_id,
        policy_version=policy_version,
    )
    dated = {
        "person_id": person_id,
        "valid": literal(valid, DATERANGE),
        "known": literal(Range(record.at, None, bounds="[)"), TSTZRANGE),
    }
    await tx.execute(insert(licence_scopes).values([{"scope": scope.value, **dated} for scope in scopes]))
    return licence_id


async def held(tx: Transaction, person_ids: Sequence[int]) -> Sequence[HeldLicence]:
    """Return the licences that these rows of one person hold or held, oldest first."""
    rows = await versions(tx, licences, licences.c.person_id.in_(person_ids), ~func.isempty(licences.c.valid))
    return [_held(row) for row in rows]


async def scopes_on(tx: Transaction, person_ids: Sequence[int], *, day: date) -> tuple[Scope, ...]:
    """Return the scopes that these rows of one person hold on the day."""
    rows = await versions(
        tx,
        licence_scopes,
        licence_scopes.c.person_id.in_(person_ids),
        licence_scopes.c.valid.contains(literal(day)),
    )
    found = {row.scope for row in rows}
    return tuple(scope for scope in Scope if scope in found)


async def end(tx: Transaction, licence: HeldLicence, *, last: date, why: str, record: Record) -> None:
    """End a licence and the scopes that stand beside it with the day ``last``, saying why.

    A term that begins later holds for no day at all.
    """
    await correct_fact(
        tx,
        licences,
        licence.version,
        valid=_until(licence.valid_from, min(last, licence.valid_to)),
        ended=why,
        record=record,
    )
    beside = await versions(
        tx,
        licence_scopes,
        licence_scopes.c.person_id == licence.person_id,
        licence_scopes.c.valid.overlaps(literal(days(licence.valid_from, licence.valid_to), DATERANGE)),
    )
    for scope in beside:
        held_to = last_day(scope.valid)
        if held_to is None or held_to > last:
            await correct_fact(
                tx, licence_scopes, scope, valid=_until(first_day(scope.valid), last), record=record
            )


async def ended_by(tx: Transaction, day: date, *, after: int, limit: int) -> Sequence[tuple[int, int]]:
    """Return (licence id, person id) of licences that ended before ``day`` and were not closed, by id."""
    rows = await tx.rows(
        select(licences.c.id, licences.c.person_id)
        .where(
            as_known(licences, None),
            licences.c.ended.is_(None),
            func.upper(licences.c.valid) <= literal(day),
            licences.c.id > after,
        )
        .order_by(licences.c.id)
        .limit(limit)
    )
    return [(row.id, row.person_id) for row in rows]


def _until(first: date, last: date) -> Range[date]:
    return days(first, max(last, first - ONE_DAY))


def _held(row: Row[Any]) -> HeldLicence:
    first = first_day(row.valid)
    return HeldLicence(
        licence_id=row.id,
        person_id=row.person_id,
        application_id=row.application_id,
        holding_id=row.holding_id,
        valid_from=first,
        valid_to=last_day(row.valid) or date.max - ONE_DAY,
        ended=row.ended,
        version=row,
    )
