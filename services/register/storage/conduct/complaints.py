"""Complaints and their steps: what was alleged never changes, and each step adds a line to what was done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from services.register.domain.conduct.code import Citation
from services.register.domain.conduct.complaint import Complaint, State, Step
from services.register.domain.conduct.parts import Part
from services.register.storage.conduct.tables import (
    complaint_conflicts,
    complaint_parts,
    complaint_sanctions,
    complaint_steps,
    complaints,
)
from services.register.storage.facts import as_known
from services.register.storage.tables import people, sanctions
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Allegation:
    """What a complaint says, and of whom: a person of the register, or somebody described."""

    person_id: int | None
    described_person: str | None
    conduct_on: date
    citation: Citation
    account: str
    complainant_name: str | None
    complainant_contact: str | None
    relationship: str | None
    complaining_association: str | None
    complaining_member_id: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldComplaint:
    """A complaint as it stands: ``complaint`` is what the rules look at."""

    complaint_id: int
    complaint: Complaint
    allegation: Allegation
    number: str | None
    received_at: datetime
    policy_version: str
    steps: int
    last_step: Step | None


async def receive(
    tx: Transaction,
    allegation: Allegation,
    *,
    reference_digest: bytes,
    due_on: date,
    policy_version: str,
    submitted_by: str,
    received_at: datetime,
    record: Callable[[int], Record],
) -> int:
    """Write a new complaint of the record's actor, received at its instant, and return its id."""
    content: dict[str, Any] = {
        name: getattr(allegation, name) for name in Allegation.__dataclass_fields__ if name != "citation"
    }
    complaint_id = await tx.scalar(
        insert(complaints)
        .values(
            **content,
            code_version=allegation.citation.code_version,
            principles=list(allegation.citation.principles),
            principles_listed=list(allegation.citation.listed),
            reference_digest=reference_digest,
            state=State.RECEIVED.value,
            due_on=due_on,
            submitted_by=submitted_by,
            received_at=received_at,
            policy_version=policy_version,
        )
        .returning(complaints.c.id)
    )
    tx.record(record(complaint_id))
    return int(complaint_id)


async def take_step(
    tx: Transaction,
    held: HeldComplaint,
    step: Step,
    *,
    to: State,
    due_on: date | None,
    words: str | None,
    record: Record,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Write a step and the state to which it leads; the caller holds the lock on the complaint."""
    await tx.execute(
        update(complaints)
        .where(complaints.c.id == held.complaint_id)
        .values(state=to.value, due_on=due_on, **(changes or {}))
    )
    await tx.execute(
        insert(complaint_steps).values(
            complaint_id=held.complaint_id,
            place=held.steps + 1,
            step=step.value,
            state_before=held.complaint.state.value,
            state_after=to.value,
            taken_by=record.actor.subject,
            taken_at=record.at,
            words=words,
        )
    )
    tx.record(record)


async def lock(tx: Transaction, complaint_id: int) -> HeldComplaint | None:
    """Return the complaint with its row locked until the transaction ends, or None."""
    await tx.rows(select(complaints.c.id).where(complaints.c.id == complaint_id).with_for_update())
    return await find(tx, complaint_id)


async def find(tx: Transaction, complaint_id: int) -> HeldComplaint | None:
    """Return the complaint, or None."""
    row = await tx.row(_read().where(complaints.c.id == complaint_id))
    return None if row is None else (await _held(tx, [row]))[0]


async def id_of(tx: Transaction, reference_digest: bytes) -> int | None:
    """Return the id of the complaint whose reference has this digest, or None."""
    found = await tx.scalar(select(complaints.c.id).where(complaints.c.reference_digest == reference_digest))
    return None if found is None else int(found)


async def page(
    tx: Transaction,
    *,
    association: str | None,
    state: State | None,
    overdue_on: date | None,
    review_due_on: date | None,
    person_ids: Sequence[int] | None,
    after: int,
    limit: int,
) -> Sequence[HeldComplaint]:
    """Return complaints in the order of their receipt; those of an association are its own or to be answered.

    With ``overdue_on`` only those whose day has passed by then; with ``review_due_on`` those in which a
    sanction that nobody lifted was to be reviewed by then.
    """
    chosen: list[ColumnElement[bool]] = [complaints.c.id > after]
    if association is not None:
        chosen.append(
            or_(
                complaints.c.complaining_association == association,
                complaints.c.answering_association == association,
            )
        )
    if state is not None:
        chosen.append(complaints.c.state == state.value)
    if overdue_on is not None:
        chosen.append(complaints.c.due_on < overdue_on)
    if review_due_on is not None:
        chosen.append(_review_due(review_due_on))
    if person_ids is not None:
        chosen.append(complaints.c.person_id.in_(person_ids))
    rows = await tx.rows(_read().where(*chosen).order_by(complaints.c.id).limit(limit))
    return await _held(tx, rows)


def _review_due(day: date) -> ColumnElement[bool]:
    return (
        select(complaint_sanctions.c.sanction_id)
        .join(sanctions, (sanctions.c.id == complaint_sanctions.c.sanction_id) & as_known(sanctions, None))
        .where(
            complaint_sanctions.c.complaint_id == complaints.c.id,
            complaint_sanctions.c.review_on <= day,
            sanctions.c.lifted_by.is_(None),
        )
        .exists()
    )


def _read() -> Select[Any]:
    return select(complaints, people.c.number).outerjoin(people, people.c.id == complaints.c.person_id)


async def _held(tx: Transaction, rows: Sequence[Row[Any]]) -> list[HeldComplaint]:
    """Return the complaints of rows, with a fixed number of queries however many they are."""
    ids = [row.id for row in rows]
    parts = await _by_complaint(tx, complaint_parts, ids)
    conflicts = await _by_complaint(tx, complaint_conflicts, ids)
    places = {
        row.complaint_id: (row.place, row.step)
        for row in await tx.rows(
            select(complaint_steps.c.complaint_id, complaint_steps.c.place, complaint_steps.c.step)
            .ext(distinct_on(complaint_steps.c.complaint_id))
            .where(complaint_steps.c.complaint_id.in_(ids))
            .order_by(complaint_steps.c.complaint_id, complaint_steps.c.place.desc())
        )
    }
    protected = await _protected(tx, ids)
    return [
        HeldComplaint(
            complaint_id=row.id,
            complaint=Complaint(
                state=State(row.state),
                submitted_by=row.submitted_by,
                complaining_association=row.complaining_association,
                answering_association=row.answering_association,
                identified=row.person_id is not None,
                protected=row.id in protected,
                due_on=row.due_on,
                parts={each.subject: Part(each.part) for each in parts.get(row.id, ())},
                conflicted=frozenset(each.subject for each in conflicts.get(row.id, ())),
            ),
            allegation=_allegation(row),
            number=row.number,
            received_at=row.received_at,
            policy_version=row.policy_version,
            steps=places[row.id][0] if row.id in places else 0,
            last_step=Step(places[row.id][1]) if row.id in places else None,
        )
        for row in rows
    ]


def _allegation(row: Row[Any]) -> Allegation:
    return Allegation(
        person_id=row.person_id,
        described_person=row.described_person,
        conduct_on=row.conduct_on,
        citation=Citation(
            code_version=row.code_version,
            principles=tuple(row.principles),
            listed=tuple(row.principles_listed),
        ),
        account=row.account,
        complainant_name=row.complainant_name,
        complainant_contact=row.complainant_contact,
        relationship=row.relationship,
        complaining_association=row.complaining_association,
        complaining_member_id=row.complaining_member_id,
    )


async def _by_complaint(tx: Transaction, table: Any, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in await tx.rows(select(table).where(table.c.complaint_id.in_(ids)).order_by(table.c.subject)):
        found.setdefault(row.complaint_id, []).append(row)
    return found


async def _protected(tx: Transaction, ids: Sequence[int]) -> frozenset[int]:
    """Return the complaints in which an interim measure was imposed that nobody has lifted."""
    rows = await tx.rows(
        select(complaint_sanctions.c.complaint_id)
        .join(sanctions, (sanctions.c.id == complaint_sanctions.c.sanction_id) & as_known(sanctions, None))
        .where(
            complaint_sanctions.c.complaint_id.in_(ids),
            complaint_sanctions.c.interim,
            sanctions.c.lifted_by.is_(None),
            ~func.isempty(sanctions.c.valid),
        )
    )
    return frozenset(row.complaint_id for row in rows)
