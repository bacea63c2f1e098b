"""What is decided and declared beside the log: deferrals and exemptions, yearly returns, commitments."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, select

from services.cpd.domain.cycle import Cycle, Pause
from services.cpd.domain.pause import Decision, PauseKind, PauseReason
from services.cpd.domain.standing import Return
from services.cpd.storage.facts import (
    as_known,
    assert_fact,
    correct_fact,
    days,
    first_day,
    last_day,
    versions,
)
from services.cpd.storage.tables import commitments, pauses, returns
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldPause:
    """A deferral or an exemption as it is known."""

    id: int
    number: str
    decision: Decision
    decided_by: str
    known_from: datetime
    version: Row[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldReturn:
    """A yearly return as it is known; ``hours`` are what the person declared, where they said."""

    id: int
    number: str
    association: str
    first: date
    last: date
    hours: Decimal | None
    nature: str
    declared_on: date
    late: bool
    version: Row[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldCommitment:
    """A declared commitment to CPD."""

    id: int
    number: str
    association: str
    wording_version: str
    committed_on: date


async def write_pause(
    tx: Transaction, number: str, decision: Decision, *, decided_by: str, record: Record
) -> int:
    """Write a decision; raises PausesOverlap."""
    return await assert_fact(
        tx,
        pauses,
        number=number,
        valid=days(decision.valid_from, decision.valid_to),
        record=record,
        kind=decision.kind.value,
        reason=decision.reason.value,
        note=decision.note,
        decided_by=decided_by,
    )


async def end_pause(tx: Transaction, held: HeldPause, *, last: date, record: Record) -> None:
    """Write that a deferral or an exemption ends earlier."""
    valid = days(held.decision.valid_from, last)
    await correct_fact(tx, pauses, held.version, valid=valid, record=record)


async def find_pause(tx: Transaction, id_: int) -> HeldPause | None:
    """Return a decision, or None."""
    found = await versions(tx, pauses, pauses.c.id == id_)
    return _pause(found[0]) if found else None


async def pauses_page(
    tx: Transaction, *, numbers: Sequence[str] | None, after: int, limit: int
) -> Sequence[HeldPause]:
    """Return decisions about these numbers, or about everybody, in the order of their ids."""
    chosen = select(pauses).where(pauses.c.id > after, as_known(pauses, None))
    if numbers is not None:
        chosen = chosen.where(pauses.c.number == func.any(list(numbers)))
    return [_pause(row) for row in await tx.rows(chosen.order_by(pauses.c.id).limit(limit))]


async def pauses_of(
    tx: Transaction, numbers: Collection[str], *, known_at: datetime | None
) -> Mapping[str, list[Pause]]:
    """Return by number the days on which nothing is asked, as they were known."""
    found: defaultdict[str, list[Pause]] = defaultdict(list)
    wanted = pauses.c.number == func.any(sorted(set(numbers)))
    for row in await versions(tx, pauses, wanted, known_at=known_at):
        exempt = row.kind == PauseKind.EXEMPTION.value
        found[row.number].append(
            Pause(exempt=exempt, valid_from=first_day(row.valid), valid_to=last_day(row.valid))
        )
    return found


async def write_return(
    tx: Transaction,
    number: str,
    cycle: Cycle,
    *,
    association: str,
    hours: Decimal | None,
    nature: str,
    declared_on: date,
    late: bool,
    corrects: HeldReturn | None,
    record: Record,
) -> None:
    """Write a yearly return, or another version of it; whether it was late stays as it was first."""
    content: dict[str, Any] = {"hours": hours, "nature": nature}
    if corrects is not None:
        await correct_fact(tx, returns, corrects.version, record=record, **content)
        return
    await assert_fact(
        tx,
        returns,
        number=number,
        valid=days(cycle.first, cycle.last),
        record=record,
        association=association,
        declared_on=declared_on,
        late=late,
        **content,
    )


async def find_return(
    tx: Transaction, numbers: Sequence[str], association: str, *, first: date
) -> HeldReturn | None:
    """Return what was declared to an association of the year that began on a day, or None."""
    found = await versions(
        tx,
        returns,
        returns.c.number == func.any(list(numbers)),
        returns.c.association == association,
        func.lower(returns.c.valid) == first,
    )
    return _return(found[0]) if found else None


async def returns_page(
    tx: Transaction, association: str, *, numbers: Sequence[str] | None, after: int, limit: int
) -> Sequence[HeldReturn]:
    """Return what was declared to an association, in the order of the ids."""
    chosen = select(returns).where(
        returns.c.association == association, returns.c.id > after, as_known(returns, None)
    )
    if numbers is not None:
        chosen = chosen.where(returns.c.number == func.any(list(numbers)))
    return [_return(row) for row in await tx.rows(chosen.order_by(returns.c.id).limit(limit))]


async def returns_of(
    tx: Transaction, numbers: Collection[str], *, known_at: datetime | None
) -> Mapping[str, list[Return]]:
    """Return by number which years were declared, as it was known."""
    found: defaultdict[str, list[Return]] = defaultdict(list)
    wanted = returns.c.number == func.any(sorted(set(numbers)))
    for row in await versions(tx, returns, wanted, known_at=known_at):
        found[row.number].append(Return(association=row.association, cycle_first=first_day(row.valid)))
    return found


async def write_commitment(
    tx: Transaction,
    number: str,
    *,
    association: str,
    wording_version: str,
    committed_on: date,
    record: Record,
) -> int:
    """Write that somebody committed to CPD; raises AlreadyCommitted."""
    return await assert_fact(
        tx,
        commitments,
        number=number,
        valid=days(committed_on, None),
        record=record,
        association=association,
        wording_version=wording_version,
    )


async def commitments_of(
    tx: Transaction, numbers: Collection[str], association: str
) -> Mapping[str, HeldCommitment]:
    """Return by number the newest commitment declared to an association."""
    rows = await versions(
        tx,
        commitments,
        commitments.c.number == func.any(sorted(set(numbers))),
        commitments.c.association == association,
    )
    return {
        row.number: HeldCommitment(
            id=row.id,
            number=row.number,
            association=row.association,
            wording_version=row.wording_version,
            committed_on=first_day(row.valid),
        )
        for row in rows
    }


def _pause(row: Row[Any]) -> HeldPause:
    return HeldPause(
        id=row.id,
        number=row.number,
        decision=Decision(
            kind=PauseKind(row.kind),
            reason=PauseReason(row.reason),
            note=row.note,
            valid_from=first_day(row.valid),
            valid_to=last_day(row.valid),
        ),
        decided_by=row.decided_by,
        known_from=row.known.lower,
        version=row,
    )


def _return(row: Row[Any]) -> HeldReturn:
    last = last_day(row.valid)
    assert last is not None  # noqa: S101 - days() was given both days
    return HeldReturn(
        id=row.id,
        number=row.number,
        association=row.association,
        first=first_day(row.valid),
        last=last,
        hours=row.hours,
        nature=row.nature,
        declared_on=row.declared_on,
        late=row.late,
        version=row,
    )
