"""Cases of audits: opened by a draw or by hand, moved step by step, each step kept."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, text, update

from services.cpd.domain.audit.case import FAILING, UNDER_AUDIT, State, Step
from services.cpd.domain.standing import Audited
from services.cpd.storage.audit.tables import audit_cases, audit_steps
from shared.clock import london_day
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldCase:
    """A case as it stands; ``audit_id`` is None where it was opened by hand, for ``reason``."""

    id: int
    number: str
    audit_id: int | None
    reason: str | None
    associations: tuple[str, ...]
    state: State
    due_on: date | None
    nation: str | None
    period_from: date
    period_to: date
    policy_version: str
    opened_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenStep:
    """A step that was taken in a case."""

    place: int
    step: Step
    state_before: State
    state_after: State
    due_on: date | None
    words: str | None
    association: str | None
    taken_by: str
    taken_at: datetime


_OPEN_DRAWN = text("""
INSERT INTO audit_cases (number, audit_id, associations, state, period_from, period_to, policy_version,
    opened_by, opened_at)
SELECT number, audit_id, array_agg(association ORDER BY association), 'drawn', CAST(:period_from AS date),
    CAST(:period_to AS date), CAST(:policy_version AS text), CAST(:opened_by AS text),
    CAST(:opened_at AS timestamptz)
FROM audit_samples WHERE audit_id = :audit_id GROUP BY number, audit_id ORDER BY min(hash)
""")

_NOTIFY = text("""
WITH notified AS (
    UPDATE audit_cases SET state = 'notified', due_on = :due_on
    WHERE audit_id = :audit_id AND state = 'drawn' RETURNING id
)
INSERT INTO audit_steps (case_id, place, step, state_before, state_after, due_on, taken_by, taken_on,
    taken_at)
SELECT id, 1, 'notify', 'drawn', 'notified', CAST(:due_on AS date), :taken_by, :taken_on, :taken_at
FROM notified
""")


async def open_drawn(
    tx: Transaction, audit_id: int, *, period: tuple[date, date], version: str, record: Record
) -> int:
    """Open a case for everybody who was drawn, once however many samples they are in; return how many."""
    opened = await tx.execute(
        _OPEN_DRAWN,
        {
            "audit_id": audit_id,
            "period_from": period[0],
            "period_to": period[1],
            "policy_version": version,
            "opened_by": record.actor.subject,
            "opened_at": record.at,
        },
    )
    tx.record(record)
    return opened


async def open_targeted(
    tx: Transaction,
    *,
    number: str,
    reason: str,
    associations: Sequence[str],
    period: tuple[date, date],
    policy_version: str,
    opened_by: str,
    opened_at: datetime,
    record: Callable[[int], Record],
) -> int:
    """Open a case for a reason and return its id; ``audit_cases_one_open`` refuses a second one."""
    case_id = int(
        await tx.scalar(
            insert(audit_cases)
            .values(
                number=number,
                reason=reason,
                associations=list(associations),
                state=State.DRAWN.value,
                period_from=period[0],
                period_to=period[1],
                policy_version=policy_version,
                opened_by=opened_by,
                opened_at=opened_at,
            )
            .returning(audit_cases.c.id)
        )
    )
    tx.record(record(case_id))
    return case_id


async def notify_drawn(tx: Transaction, audit_id: int, *, due_on: date, record: Record) -> int:
    """Notify everybody who was drawn and was not yet notified; return how many that were."""
    taken = {"taken_by": record.actor.subject, "taken_on": london_day(record.at), "taken_at": record.at}
    notified = await tx.execute(_NOTIFY, {"audit_id": audit_id, "due_on": due_on, **taken})
    tx.record(record)
    return notified


async def take(
    tx: Transaction,
    held: HeldCase,
    step: Step,
    to: State,
    *,
    due_on: date | None,
    words: str | None,
    record: Record,
    nation: str | None = None,
) -> None:
    """Write a step and where it leads; the caller holds the lock on the case."""
    before = await tx.scalar(
        select(func.coalesce(func.max(audit_steps.c.place), 0)).where(audit_steps.c.case_id == held.id)
    )
    await tx.execute(
        insert(audit_steps).values(
            case_id=held.id,
            place=int(before or 0) + 1,
            step=step.value,
            state_before=held.state.value,
            state_after=to.value,
            due_on=due_on,
            words=words,
            association=record.actor.association,
            taken_by=record.actor.subject,
            taken_on=london_day(record.at),
            taken_at=record.at,
        )
    )
    await tx.execute(
        update(audit_cases)
        .where(audit_cases.c.id == held.id)
        .values(state=to.value, due_on=due_on, nation=nation or held.nation)
    )
    tx.record(record)


async def lock(tx: Transaction, case_id: int) -> HeldCase | None:
    """Return a case, which nobody else moves until the transaction ends; None where there is none."""
    row = await tx.row(select(audit_cases).where(audit_cases.c.id == case_id).with_for_update())
    return None if row is None else _held(row)


async def find(tx: Transaction, case_id: int) -> HeldCase | None:
    """Return a case, or None."""
    row = await tx.row(select(audit_cases).where(audit_cases.c.id == case_id))
    return None if row is None else _held(row)


async def find_drawn(tx: Transaction, audit_id: int, number: str) -> HeldCase | None:
    """Return the case of a person in an audit, or None."""
    row = await tx.row(
        select(audit_cases).where(audit_cases.c.audit_id == audit_id, audit_cases.c.number == number)
    )
    return None if row is None else _held(row)


async def page(
    tx: Transaction,
    *,
    association: str | None,
    audit_id: int | None,
    state: State | None,
    waiting: bool,
    after: int,
    limit: int,
) -> Sequence[HeldCase]:
    """Return cases by id: those that concern an association, or everybody's; ``waiting``, what is due."""
    chosen = select(audit_cases).where(audit_cases.c.id > after)
    if association is not None:
        chosen = chosen.where(func.array_position(audit_cases.c.associations, association).is_not(None))
    if audit_id is not None:
        chosen = chosen.where(audit_cases.c.audit_id == audit_id)
    if state is not None:
        chosen = chosen.where(audit_cases.c.state == state.value)
    if waiting:
        chosen = chosen.where(audit_cases.c.due_on.is_not(None))
    return [_held(row) for row in await tx.rows(chosen.order_by(audit_cases.c.id).limit(limit))]


async def steps(tx: Transaction, case_id: int) -> Sequence[TakenStep]:
    """Return what was done in a case, in order."""
    rows = await tx.rows(
        select(audit_steps).where(audit_steps.c.case_id == case_id).order_by(audit_steps.c.place)
    )
    return [
        TakenStep(
            place=row.place,
            step=Step(row.step),
            state_before=State(row.state_before),
            state_after=State(row.state_after),
            due_on=row.due_on,
            words=row.words,
            association=row.association,
            taken_by=row.taken_by,
            taken_at=row.taken_at,
        )
        for row in rows
    ]


_AUDITED = text("""
SELECT c.number, c.associations, latest.state_after AS state FROM audit_cases c
CROSS JOIN LATERAL (
    SELECT s.state_after FROM (
        SELECT 0 AS place, 'drawn' AS state_after, c.opened_at AS taken_at,
            (c.opened_at AT TIME ZONE 'Europe/London')::date AS taken_on
        UNION ALL SELECT place, state_after, taken_at, taken_on FROM audit_steps WHERE case_id = c.id) s
    WHERE s.taken_on <= :day AND (CAST(:known_at AS timestamptz) IS NULL OR s.taken_at <= :known_at)
    ORDER BY s.place DESC LIMIT 1) latest
WHERE c.number = ANY (:numbers)
""")


async def audited_of(
    tx: Transaction, numbers: Collection[str], *, day: date, known_at: datetime | None
) -> Mapping[str, list[Audited]]:
    """Return by number the audits that a person is in, or that found against them, on a day as known."""
    found: defaultdict[str, list[Audited]] = defaultdict(list)
    values = {"numbers": sorted(set(numbers)), "day": day, "known_at": known_at}
    for row in await tx.rows(_AUDITED, values):
        state = State(row.state)
        if state in FAILING or state in UNDER_AUDIT:
            found[row.number].append(
                Audited(associations=frozenset(row.associations), failed=state in FAILING)
            )
    return found


def _held(row: Row[Any]) -> HeldCase:
    return HeldCase(
        id=row.id,
        number=row.number,
        audit_id=row.audit_id,
        reason=row.reason,
        associations=tuple(row.associations),
        state=State(row.state),
        due_on=row.due_on,
        nation=row.nation,
        period_from=row.period_from,
        period_to=row.period_to,
        policy_version=row.policy_version,
        opened_at=row.opened_at,
    )
