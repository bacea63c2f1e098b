"""Complaints received from anybody, asked after and withdrawn by whoever holds the reference."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from services.register.domain.conduct.code import Citation, cite
from services.register.domain.conduct.complaint import (
    AccountMissing,
    Caller,
    ConductInTheFuture,
    NoSuchReference,
    PersonNotSaid,
    State,
    Step,
    move,
)
from services.register.domain.conduct.deadlines import Progress, progress
from services.register.domain.member import AssociationMissing, NoSuchMember
from services.register.domain.person import parse_number
from services.register.operations.conduct.cases import locked, policy_on, record_of
from services.register.operations.sanctions import named
from services.register.storage import people, reference
from services.register.storage.conduct import complaints
from services.register.storage.conduct.complaints import Allegation
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class NewComplaint:
    """What somebody complains of; ``member_id`` is the complainant's, where an association passes it on."""

    number: str | None
    described_person: str | None
    conduct_on: date
    principles: tuple[str, ...]
    account: str
    complainant_name: str | None
    complainant_contact: str | None
    relationship: str | None
    member_id: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A receipt: ``reference`` is a secret that is kept nowhere, ``complaint_id`` for who may read it."""

    complaint_id: int | None
    reference: str
    received_at: datetime
    acknowledged_by: date
    citation: Citation


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """What the complainant is told of how far it is."""

    progress: Progress
    received_on: date
    acknowledged_by: date | None


async def receive(db: Database, once: Once, *, wanted: NewComplaint, actor: Actor, now: datetime) -> Received:
    """Take a complaint from anybody; only its digest is kept of the reference that is given back."""
    _check(wanted, actor, today=london_day(now))
    reference_ = secrets.token_urlsafe(24)
    async with db.transaction(actor, once) as tx:
        allegation = await _allegation(tx, wanted, actor)
        policy = await policy_on(tx, now)
        acknowledged_by = london_day(now) + timedelta(days=policy.acknowledge_days)
        complaint_id = await complaints.receive(
            tx,
            allegation,
            reference_digest=_digest(reference_),
            due_on=acknowledged_by,
            policy_version=policy.version,
            submitted_by=actor.subject,
            received_at=now,
            record=_received(actor, now),
        )
        received = Received(
            complaint_id=None if actor.is_anonymous else complaint_id,
            reference=reference_,
            received_at=now,
            acknowledged_by=acknowledged_by,
            citation=allegation.citation,
        )
        once.answer(received)
    return received


async def follow(db: Database, *, reference_: str) -> Followed:
    """Return how far the complaint with a reference is."""
    async with db.reading() as tx:
        complaint_id = await complaints.id_of(tx, _digest(reference_))
        held = None if complaint_id is None else await complaints.find(tx, complaint_id)
    if held is None:
        raise NoSuchReference
    state = held.complaint.state
    return Followed(
        progress=progress(state, held.last_step),
        received_on=london_day(held.received_at),
        acknowledged_by=held.complaint.due_on if state is State.RECEIVED else None,
    )


async def withdraw(
    db: Database, once: Once, *, reference_: str, reason: str, actor: Actor, now: datetime
) -> Followed:
    """Withdraw the complaint with a reference, as long as no panel has decided it."""
    # Whoever holds the reference made the complaint, whatever token it is sent with.
    actor = replace(actor, association=None)
    async with db.transaction(actor, once) as tx:
        complaint_id = await complaints.id_of(tx, _digest(reference_))
        if complaint_id is None:
            raise NoSuchReference
        _, held = await locked(tx, complaint_id)
        by = Caller(subject=actor.subject, complainant=True)
        to = move(held.complaint, Step.WITHDRAW, by=by, today=london_day(now))
        record = record_of(Step.WITHDRAW, complaint_id, actor=actor, now=now)
        await complaints.take_step(
            tx, held, Step.WITHDRAW, to=to, due_on=None, words=reason.strip() or None, record=record
        )
        followed = Followed(
            progress=progress(to, Step.WITHDRAW),
            received_on=london_day(held.received_at),
            acknowledged_by=None,
        )
        once.answer(followed)
    return followed


def _check(wanted: NewComplaint, actor: Actor, *, today: date) -> None:
    if wanted.number is None and not (wanted.described_person or "").strip():
        raise PersonNotSaid
    if not wanted.account.strip():
        raise AccountMissing
    if wanted.conduct_on > today:
        raise ConductInTheFuture
    if wanted.member_id is not None and actor.association is None:
        raise AssociationMissing


async def _allegation(tx: Transaction, wanted: NewComplaint, actor: Actor) -> Allegation:
    person_id = None
    if wanted.number is not None:
        person_id = (await named(tx, parse_number(wanted.number))).kept_id
    await _check_member(tx, wanted, actor)
    codes = await reference.bodies(tx, "codes_of_ethics")
    return Allegation(
        person_id=person_id,
        described_person=(wanted.described_person or "").strip() or None,
        conduct_on=wanted.conduct_on,
        citation=cite(codes, wanted.principles, day=wanted.conduct_on),
        account=wanted.account.strip(),
        complainant_name=wanted.complainant_name,
        complainant_contact=wanted.complainant_contact,
        relationship=wanted.relationship,
        complaining_association=actor.association,
        complaining_member_id=wanted.member_id,
    )


async def _check_member(tx: Transaction, wanted: NewComplaint, actor: Actor) -> None:
    """Refuse to pass on the complaint of somebody who is no member of the association."""
    if wanted.member_id is None or actor.association is None:
        return
    if await people.find_by_member_id(tx, actor.association, wanted.member_id) is None:
        raise NoSuchMember


def _received(actor: Actor, now: datetime) -> Callable[[int], Record]:
    def record(complaint_id: int) -> Record:
        subject = f"complaint:{complaint_id}"
        return Record(actor=actor, at=now, event="complaint.received", subject=subject, facts={})

    return record


def _digest(reference_: str) -> bytes:
    """Return what is kept of a reference: it is long and drawn at random, so that a plain digest will do."""
    return sha256(reference_.strip().encode()).digest()
