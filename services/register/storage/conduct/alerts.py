"""Alerts: which association has to be told of which sanction, and whether it said that it knows."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, update

from services.register.domain.conduct.alert import Alert, Occasion
from services.register.domain.sanction import SanctionKind
from services.register.storage.conduct.tables import alerts
from services.register.storage.facts import as_known, first_day, last_day
from services.register.storage.tables import people, sanctions
from shared.database import Transaction
from shared.journal import Record

# Every association of every record of the person, for each sanction that is chosen; nobody is told twice.
_RAISE = """
INSERT INTO alerts (association, person_id, sanction_id, occasion, raised_at, due_on, policy_version)
SELECT DISTINCT m.association, s.person_id, s.id, $1, $2::timestamptz, $3::date, $4
FROM sanctions s
JOIN memberships m ON m.person_id = ANY($5::bigint[]) AND kept_person(m.person_id) = kept_person(s.person_id)
WHERE s.person_id = ANY($5::bigint[]) AND upper_inf(s.known) AND {chosen}
    AND upper_inf(m.known) AND m.valid && daterange($6::date, NULL)
    AND ($7::text IS NULL OR m.association = $7)
ON CONFLICT ON CONSTRAINT alerts_once DO NOTHING
RETURNING id, association
"""
_OF_ONE = _RAISE.format(chosen="s.id = $8::bigint")
_STANDING = _RAISE.format(chosen="NOT isempty(s.valid) AND (upper_inf(s.valid) OR upper(s.valid) > $8::date)")
_TOLD_BEFORE = """
INSERT INTO alerts (association, person_id, sanction_id, occasion, raised_at, due_on, policy_version)
SELECT association, person_id, sanction_id, 'lifted', $1::timestamptz, $2::date, $3 FROM alerts
WHERE sanction_id = $4 AND occasion = 'imposed'
ON CONFLICT ON CONSTRAINT alerts_once DO NOTHING
RETURNING id, association
"""

RecordOf = Callable[[int, str], Record]


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """When alerts are raised, by when they are to be acknowledged, and since when a membership is recent."""

    at: datetime
    due_on: date
    since: date
    policy_version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenAlert:
    """An alert as it is read: the sanction stands as it is known now."""

    alert: Alert
    alert_id: int
    number: str
    sanction_kind: SanctionKind
    public_reason: str
    conditions: str | None
    valid_from: date | None
    valid_to: date | None
    raised_at: datetime
    acknowledged_by: str | None


async def raise_of(
    tx: Transaction,
    person_ids: Collection[int],
    sanction_id: int,
    *,
    occasion: Occasion,
    terms: Terms,
    record: RecordOf,
) -> None:
    """Tell of one sanction to every association of a person; of its end also whoever was told before."""
    given = (occasion.value, terms.at, terms.due_on, terms.policy_version, list(person_ids), terms.since)
    rows = list(await tx.driver.fetch(_OF_ONE, *given, None, sanction_id))
    if occasion is Occasion.LIFTED:
        told = (terms.at, terms.due_on, terms.policy_version, sanction_id)
        rows += await tx.driver.fetch(_TOLD_BEFORE, *told)
    _note(tx, rows, record)


async def raise_standing(
    tx: Transaction,
    person_ids: Collection[int],
    *,
    association: str | None,
    today: date,
    terms: Terms,
    record: RecordOf,
) -> None:
    """Tell of every sanction that stands, or is to come, to the associations that were not told of it yet."""
    given = (Occasion.IMPOSED.value, terms.at, terms.due_on, terms.policy_version, list(person_ids))
    _note(tx, await tx.driver.fetch(_STANDING, *given, terms.since, association, today), record)


async def acknowledge(tx: Transaction, alert_id: int, *, record: Record) -> None:
    """Write that the record's actor has taken note."""
    await tx.execute(
        update(alerts)
        .where(alerts.c.id == alert_id)
        .values(acknowledged_by=record.actor.subject, acknowledged_at=record.at)
    )
    tx.record(record)


async def escalate(tx: Transaction, *, before: date, at: datetime, record: RecordOf) -> int:
    """Mark every alert that was due before the day and that nobody acknowledged; return how many."""
    rows = await tx.rows(
        update(alerts)
        .where(
            alerts.c.due_on < before,
            alerts.c.acknowledged_at.is_(None),
            alerts.c.escalated_at.is_(None),
        )
        .values(escalated_at=at)
        .returning(alerts.c.id, alerts.c.association)
    )
    _note(tx, rows, record)
    return len(rows)


async def find(tx: Transaction, alert_id: int, *, lock: bool = False) -> SeenAlert | None:
    """Return the alert, or None; locked until the transaction ends where it is to be changed."""
    if lock:
        await tx.rows(select(alerts.c.id).where(alerts.c.id == alert_id).with_for_update())
    row = await tx.row(_read().where(alerts.c.id == alert_id))
    return None if row is None else _seen(row)


async def page(
    tx: Transaction,
    *,
    association: str | None,
    acknowledged: bool | None,
    escalated: bool | None,
    after: int,
    limit: int,
) -> Sequence[SeenAlert]:
    """Return alerts in the order in which they were raised: of one association, or of all."""
    chosen: list[ColumnElement[bool]] = [alerts.c.id > after]
    if association is not None:
        chosen.append(alerts.c.association == association)
    for column, wanted in ((alerts.c.acknowledged_at, acknowledged), (alerts.c.escalated_at, escalated)):
        if wanted is not None:
            chosen.append(column.is_not(None) if wanted else column.is_(None))
    return [_seen(row) for row in await tx.rows(_read().where(*chosen).order_by(alerts.c.id).limit(limit))]


def _note(tx: Transaction, rows: Collection[Any], record: RecordOf) -> None:
    for row in sorted(rows, key=lambda each: each[0]):
        tx.record(record(row[0], row[1]))


def _read() -> Select[Any]:
    return (
        select(
            alerts,
            people.c.number,
            sanctions.c.kind,
            sanctions.c.public_reason,
            sanctions.c.conditions,
            sanctions.c.valid,
        )
        .join(people, people.c.id == alerts.c.person_id)
        .join(sanctions, (sanctions.c.id == alerts.c.sanction_id) & as_known(sanctions, None))
    )


def _seen(row: Row[Any]) -> SeenAlert:
    return SeenAlert(
        alert=Alert(
            association=row.association,
            occasion=Occasion(row.occasion),
            due_on=row.due_on,
            acknowledged_at=row.acknowledged_at,
            escalated_at=row.escalated_at,
        ),
        alert_id=row.id,
        number=row.number,
        sanction_kind=SanctionKind(row.kind),
        public_reason=row.public_reason,
        conditions=row.conditions,
        # A sanction lifted on its first day held for no day.
        valid_from=None if row.valid.isempty else first_day(row.valid),
        valid_to=None if row.valid.isempty else last_day(row.valid),
        raised_at=row.raised_at,
        acknowledged_by=row.acknowledged_by,
    )
