"""A complaint opened, read and moved: the table of the domain says who may do what, and when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.register.domain.conduct.complaint import Caller, NoSuchComplaint, State, Step, move
from services.register.domain.conduct.deadlines import due_on
from services.register.domain.conduct.decision import ReasonsMissing
from services.register.domain.conduct.parts import Part
from services.register.domain.conduct.policy import ConductPolicy
from services.register.domain.member import AssociationMissing
from services.register.domain.person import parse_number
from services.register.domain.policy import in_force
from services.register.operations.sanctions import named
from services.register.storage import merges
from services.register.storage.conduct import complaints, decisions, policies, steps
from services.register.storage.conduct.complaints import HeldComplaint
from services.register.storage.conduct.decisions import Decided, LinkedSanction
from services.register.storage.conduct.steps import TakenStep
from services.register.storage.constraints import ChangedMeanwhile
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.journal import Record
from shared.paging import Page, page_of, place_of

DECIDE = "register:decide"
WRITE = "members:write"

# What the journal says of each step. No line says more than that there was one: nothing undecided is told.
EVENTS: Mapping[Step, str] = {
    Step.ACKNOWLEDGE: "complaint.acknowledged",
    Step.IDENTIFY: "complaint.identified",
    Step.FIND_CAPABLE: "complaint.triaged",
    Step.FIND_NOT_CAPABLE: "complaint.triaged",
    Step.ASK_MEMBER: "complaint.member-asked",
    Step.ANSWER: "complaint.answered",
    Step.FIND_CASE: "complaint.examined",
    Step.FIND_NO_CASE: "complaint.examined",
    Step.PROTECT: "complaint.protected",
    Step.CONVENE: "complaint.convened",
    Step.UPHOLD: "complaint.decided",
    Step.NOT_UPHOLD: "complaint.decided",
    Step.APPEAL: "complaint.appealed",
    Step.CONVENE_APPEAL: "complaint.convened",
    Step.DISMISS_APPEAL: "complaint.appeal-decided",
    Step.ALLOW_APPEAL: "complaint.appeal-decided",
    Step.CLOSE: "complaint.closed",
    Step.WITHDRAW: "complaint.withdrawn",
}
# Whoever takes one of these investigates, and sits on no panel of this complaint any more.
_INVESTIGATES = frozenset(
    {
        Step.FIND_CAPABLE,
        Step.FIND_NOT_CAPABLE,
        Step.ASK_MEMBER,
        Step.FIND_CASE,
        Step.FIND_NO_CASE,
        Step.PROTECT,
    }
)
# A step that leaves the complaint where it is leaves its day too.
_KEEPS_ITS_DAY = frozenset({Step.IDENTIFY, Step.PROTECT, Step.CONVENE, Step.CONVENE_APPEAL})


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A complaint with all that was done in it; ``whole`` is for registrars, an association sees its side."""

    held: HeldComplaint
    whole: bool
    complains: bool = False
    steps: Sequence[TakenStep] = ()
    conflicts: Mapping[str, str] | None = None
    decisions: Sequence[Decided] = ()
    sanctions: Sequence[LinkedSanction] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which complaints are asked for."""

    state: State | None = None
    overdue: bool = False
    review_due: bool = False
    number: str | None = None


async def get(db: Database, *, complaint_id: int, actor: Actor) -> Case:
    """Return a complaint: whole to a registrar, to an association its side of one that concerns it."""
    actor.require(DECIDE, WRITE)
    async with db.reading() as tx:
        return await seen(tx, complaint_id, actor=actor)


async def page(
    db: Database, *, wanted: Wanted, actor: Actor, now: datetime, after: str | None, limit: int
) -> Page[Case]:
    """Return complaints in the order of their receipt, without what was done in them."""
    actor.require(DECIDE, WRITE)
    (last,) = place_of(after, int) or (0,)
    canonical = None if wanted.number is None else parse_number(wanted.number)
    today = london_day(now)
    async with db.reading() as tx:
        found = await complaints.page(
            tx,
            association=None if actor.may(DECIDE) else _association(actor),
            state=wanted.state,
            overdue_on=today if wanted.overdue else None,
            review_due_on=today if wanted.review_due else None,
            person_ids=None if canonical is None else (await named(tx, canonical)).ids,
            after=last,
            limit=limit + 1,
        )
    cases = [_side(held, actor) for held in found]
    return page_of(cases, limit=limit, place=lambda each: (each.held.complaint_id,))


async def seen(tx: Transaction, complaint_id: int, *, actor: Actor) -> Case:
    """Return what the caller may see of a complaint; to whom it does not concern it is not there."""
    held = await complaints.find(tx, complaint_id)
    if held is None:
        raise NoSuchComplaint
    side = _side(held, actor)
    if not side.whole:
        return side
    return replace(
        side,
        steps=await steps.taken(tx, complaint_id),
        conflicts=await decisions.conflicts(tx, complaint_id),
        decisions=await decisions.decided(tx, complaint_id),
        sanctions=await decisions.linked_sanctions(tx, complaint_id),
    )


async def locked(tx: Transaction, complaint_id: int) -> tuple[Group | None, HeldComplaint]:
    """Lock the person whom a complaint is about, where that is known, and then the complaint itself."""
    before = await complaints.find(tx, complaint_id)
    if before is None:
        raise NoSuchComplaint
    person_id = before.allegation.person_id
    group = None if person_id is None else await merges.lock_group(tx, person_id)
    held = await complaints.lock(tx, complaint_id)
    if held is None or held.allegation.person_id != person_id:
        raise ChangedMeanwhile
    return group, held


async def step(
    tx: Transaction,
    held: HeldComplaint,
    taken: Step,
    *,
    words: str | None,
    actor: Actor,
    by: Caller,
    now: datetime,
    changes: Mapping[str, Any] | None = None,
) -> Record:
    """Take a step that the rules allow, and return its record; the caller holds the lock."""
    today = london_day(now)
    to = move(held.complaint, taken, by=by, today=today)
    if words is not None and not words.strip():
        raise ReasonsMissing
    due = held.complaint.due_on
    if taken not in _KEEPS_ITS_DAY:
        due = due_on(to, await policy_on(tx, now), today=today)
    record = record_of(taken, held.complaint_id, actor=actor, now=now)
    await complaints.take_step(
        tx,
        held,
        taken,
        to=to,
        due_on=due,
        words=words and words.strip(),
        record=record,
        changes=changes,
    )
    if taken in _INVESTIGATES:
        await give_parts(tx, held, [actor.subject], part=Part.INVESTIGATOR, record=record)
    return record


async def give_parts(
    tx: Transaction, held: HeldComplaint, subjects: Collection[str], *, part: Part, record: Record
) -> None:
    """Give people a part that they do not have yet."""
    new = {subject for subject in subjects if subject not in held.complaint.parts}
    if new:
        await decisions.give_parts(tx, held.complaint_id, new, part=part, record=record)


async def policy_on(tx: Transaction, now: datetime) -> ConductPolicy:
    """Return the terms of complaints that hold today."""
    return in_force(await policies.published(tx), london_day(now))


def record_of(taken: Step, complaint_id: int, *, actor: Actor, now: datetime) -> Record:
    """Return the record of a step."""
    subject = f"complaint:{complaint_id}"
    return Record(actor=actor, at=now, event=EVENTS[taken], subject=subject, facts={})


def as_registrar(actor: Actor) -> tuple[Actor, Caller]:
    """Return the caller as a registrar who decides for the whole register, and as the rules judge them.

    The association that the token names is left out of what may be written, and kept for who may judge.
    """
    actor.require(DECIDE)
    caller = Caller(subject=actor.subject, association=actor.association, registrar=True)
    return replace(actor, association=None), caller


def as_association(actor: Actor) -> Caller:
    """Return the caller as the system of an association."""
    actor.require(WRITE)
    return Caller(subject=actor.subject, association=_association(actor))


def _side(held: HeldComplaint, actor: Actor) -> Case:
    """Return what the caller sees of a complaint, which is its own, to be answered by it, or not there."""
    if actor.may(DECIDE):
        return Case(held=held, whole=True)
    own = _association(actor)
    complains = held.complaint.complaining_association == own
    if not complains and held.complaint.answering_association != own:
        raise NoSuchComplaint
    return Case(held=held, whole=False, complains=complains)


def _association(actor: Actor) -> str:
    if actor.association is None:
        raise AssociationMissing
    return actor.association
