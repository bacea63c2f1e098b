"""A complaint examined: acknowledged, triaged, answered by the member, and found to be a case or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.register.domain.conduct.complaint import (
    ENDED,
    AssociationMayNotAnswer,
    ComplaintStepNotPossible,
    PersonNotIdentified,
    State,
    Step,
)
from services.register.domain.conduct.decision import ReasonsMissing, ReviewDayNotExpected
from services.register.domain.conduct.parts import Part, QuorumNotMet, check_may_take
from services.register.domain.person import parse_number
from services.register.domain.sanction import SanctionKind
from services.register.operations.conduct import cases
from services.register.operations.conduct.cases import Case, as_association, as_registrar, locked, seen
from services.register.operations.public_entries import republish
from services.register.operations.sanctions import impose_within, named
from services.register.storage import memberships
from services.register.storage.conduct import decisions
from services.register.storage.conduct.complaints import HeldComplaint
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Protection:
    """An interim suspension: why, for the public and internally, and on which day it is reviewed."""

    public_reason: str
    internal_reason: str
    review_on: date | None


async def take(
    db: Database, once: Once, *, complaint_id: int, step: Step, reason: str, actor: Actor, now: datetime
) -> Case:
    """Take a step that needs no more than a registrar and a reason."""
    registrar, by = as_registrar(actor)
    async with db.transaction(registrar, once) as tx:
        _, held = await locked(tx, complaint_id)
        await cases.step(tx, held, step, words=reason, actor=registrar, by=by, now=now)
        shown = await seen(tx, complaint_id, actor=registrar)
        once.answer(shown)
    return shown


async def identify(
    db: Database, once: Once, *, complaint_id: int, number: str, reason: str, actor: Actor, now: datetime
) -> Case:
    """Say whom a complaint is about that described somebody."""
    registrar, by = as_registrar(actor)
    canonical = parse_number(number)
    async with db.transaction(registrar, once) as tx:
        person = (await named(tx, canonical)).kept_id
        _, held = await locked(tx, complaint_id)
        await cases.step(
            tx,
            held,
            Step.IDENTIFY,
            words=reason,
            actor=registrar,
            by=by,
            now=now,
            changes={"person_id": person},
        )
        shown = await seen(tx, complaint_id, actor=registrar)
        once.answer(shown)
    return shown


async def ask_member(
    db: Database, once: Once, *, complaint_id: int, association: str, actor: Actor, now: datetime
) -> Case:
    """Ask the member for an answer, through an association that knows the person by a member id."""
    registrar, by = as_registrar(actor)
    async with db.transaction(registrar, once) as tx:
        group, held = await locked(tx, complaint_id)
        if group is None or not await memberships.belongs(tx, group.ids, association):
            raise AssociationMayNotAnswer(association=association)
        await cases.step(
            tx,
            held,
            Step.ASK_MEMBER,
            words=None,
            actor=registrar,
            by=by,
            now=now,
            changes={"answering_association": association},
        )
        shown = await seen(tx, complaint_id, actor=registrar)
        once.answer(shown)
    return shown


async def say_for_member(
    db: Database, once: Once, *, complaint_id: int, step: Step, words: str, actor: Actor, now: datetime
) -> Case:
    """Pass on a member's answer, or the grounds of a member's appeal."""
    by = as_association(actor)
    async with db.transaction(actor, once) as tx:
        await seen(tx, complaint_id, actor=actor)
        _, held = await locked(tx, complaint_id)
        await cases.step(tx, held, step, words=words, actor=actor, by=by, now=now)
        shown = await seen(tx, complaint_id, actor=actor)
        once.answer(shown)
    return shown


async def protect(
    db: Database, once: Once, *, complaint_id: int, wanted: Protection, actor: Actor, now: datetime
) -> Case:
    """Suspend the member until the complaint is decided; the next look-up shows it, and not the complaint."""
    registrar, by = as_registrar(actor)
    if wanted.review_on is not None and wanted.review_on <= london_day(now):
        raise ReviewDayNotExpected
    async with db.transaction(registrar, once) as tx:
        group, held = await locked(tx, complaint_id)
        words = wanted.internal_reason
        await cases.step(tx, held, Step.PROTECT, words=words, actor=registrar, by=by, now=now)
        if group is None:
            raise PersonNotIdentified
        sanction_id = await _suspend(tx, group, wanted, actor=registrar, now=now)
        await decisions.link_sanction(
            tx,
            complaint_id,
            sanction_id,
            interim=True,
            review_on=wanted.review_on,
            record=sanctioned(complaint_id, actor=registrar, now=now),
        )
        await republish(tx, group.ids, now=now)
        shown = await seen(tx, complaint_id, actor=registrar)
        once.answer(shown)
    return shown


async def convene(
    db: Database, once: Once, *, complaint_id: int, members: Sequence[str], actor: Actor, now: datetime
) -> Case:
    """Seat the panel, or under appeal the appeal panel; once it sits, more members can be seated."""
    registrar, by = as_registrar(actor)
    async with db.transaction(registrar, once) as tx:
        _, held = await locked(tx, complaint_id)
        appeal = held.complaint.state is State.UNDER_APPEAL
        part = Part.APPEAL_PANEL if appeal else Part.PANEL
        taken = Step.CONVENE_APPEAL if appeal else Step.CONVENE
        record = await cases.step(tx, held, taken, words=None, actor=registrar, by=by, now=now)
        for member in members:
            check_may_take(held.complaint, member, part=part)
        present = len(_seated(held, part) | set(members))
        quorum = (await cases.policy_on(tx, now)).panel_quorum
        if present < quorum:
            raise QuorumNotMet(quorum=quorum, present=present)
        await cases.give_parts(tx, held, members, part=part, record=record)
        shown = await seen(tx, complaint_id, actor=registrar)
        once.answer(shown)
    return shown


async def declare_conflict(
    db: Database, once: Once, *, complaint_id: int, subject: str, nature: str, actor: Actor, now: datetime
) -> Case:
    """Record somebody's conflict of interest, one's own or another's: it bars from every part from now on."""
    registrar, _ = as_registrar(actor)
    if not nature.strip():
        raise ReasonsMissing
    async with db.transaction(registrar, once) as tx:
        _, held = await locked(tx, complaint_id)
        if held.complaint.state in ENDED:
            raise ComplaintStepNotPossible(state=held.complaint.state, step="record a conflict of interest")
        record = Record(
            actor=registrar,
            at=now,
            event="complaint.conflict-recorded",
            subject=f"complaint:{complaint_id}",
            facts={},
        )
        await decisions.declare_conflict(tx, complaint_id, subject, nature=nature.strip(), record=record)
        shown = await seen(tx, complaint_id, actor=registrar)
        once.answer(shown)
    return shown


async def _suspend(tx: Transaction, group: Group, wanted: Protection, *, actor: Actor, now: datetime) -> int:
    return await impose_within(
        tx,
        person_id=group.kept_id,
        number=group.number,
        kind=SanctionKind.INTERIM_SUSPENSION,
        public_reason=wanted.public_reason,
        internal_reason=wanted.internal_reason,
        conditions=None,
        valid_from=london_day(now),
        valid_to=None,
        actor=actor,
        now=now,
    )


def sanctioned(complaint_id: int, *, actor: Actor, now: datetime) -> Record:
    """Return the record of a sanction that was imposed in a complaint."""
    subject = f"complaint:{complaint_id}"
    return Record(actor=actor, at=now, event="complaint.sanctioned", subject=subject, facts={})


def _seated(held: HeldComplaint, part: Part) -> set[str]:
    """Return who sits on a panel and has no conflict of interest."""
    complaint = held.complaint
    return {subject for subject, each in complaint.parts.items() if each is part} - set(complaint.conflicted)
