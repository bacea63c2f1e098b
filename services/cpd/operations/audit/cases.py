"""The cases of an audit: opened by hand, read, and moved by those steps that need no more than words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.cpd.domain.access import own_association
from services.cpd.domain.audit import case as rules
from services.cpd.domain.audit import deadlines
from services.cpd.domain.audit.case import Mover, NoSuchCase, State, Step, StepHasItsOwnPath
from services.cpd.domain.audit.deadlines import reminded_since, working_day
from services.cpd.domain.audit.policy import AuditPolicy, audit_policy_on
from services.cpd.operations.audit.audits import AUDIT, policy_of
from services.cpd.operations.audit.bank_holidays import BankHolidays
from services.cpd.operations.persons import anybody
from services.cpd.storage.audit import assessing, audits, cases, lists, policies
from services.cpd.storage.audit.assessing import HeldFinding
from services.cpd.storage.audit.cases import HeldCase, TakenStep
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import FieldError
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenFinding = HeldFinding
SeenLine = HeldCase
SeenStep = TakenStep
# What an auditor does with words alone; the rest has operations of its own.
BY_WORDS = frozenset(
    {
        Step.NOTIFY, Step.EXTEND, Step.DEFER, Step.RESUME, Step.WITHDRAW, Step.FINALISE, Step.HEAR_LATE,
        Step.MAKE_GOOD,
    }
)  # fmt: skip
# The journal tells the register of these by the person's number; of all others only by the case.
_TOLD_OF = {State.OVERTURNED: "audit.overturned", State.MADE_GOOD: "audit.made-good"}


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenCase:
    """A case with its steps and findings; ``inside`` for those who audit."""

    case: HeldCase
    steps: tuple[TakenStep, ...]
    findings: tuple[HeldFinding, ...]
    inside: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """Something is due in a case, and a reminder of it came up on ``since``."""

    case: HeldCase
    since: date
    days_left: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WordedStep:
    """A step that needs no more than words, a day for some, and a home country for a notice."""

    step: Step
    words: str
    until: date | None
    nation: str | None


async def open_targeted(
    db: Database, once: Once, *, number: str, reason: str, actor: Actor, now: datetime
) -> SeenCase:
    """Open a case for a reason, such as a weak record; it is kept apart from what is drawn at random.

    Raises NoSuchMember, AuditOpenAlready and BeingDrawn.
    """
    actor.require(AUDIT)
    words = rules.check_words(reason)
    today = london_day(now)
    async with db.transaction(actor, once) as tx:
        await audits.let_nobody_else_open(tx)
        group = await anybody(tx, number)
        if await lists.is_being_drawn(tx, group.numbers):
            raise rules.BeingDrawn
        policy = audit_policy_on(await policies.published(tx), today)
        case_id = await cases.open_targeted(
            tx,
            number=group.kept,
            reason=words,
            associations=sorted(await assessing.associations_of(tx, group.numbers, since=today)),
            period=policy.period_before(today),
            policy_version=policy.version,
            opened_by=actor.subject,
            opened_at=now,
            record=lambda made: _record("audit-case.opened", made, {"kind": "targeted"}, actor, now),
        )
        shown = await seen(tx, await get_within(tx, case_id), inside=True)
        once.answer(shown)
    return shown


async def step(
    db: Database, once: Once, *, case_id: int, taken: WordedStep, actor: Actor, now: datetime
) -> SeenCase:
    """Take a step that needs words alone; raises what the rules of the case refuse."""
    actor.require(AUDIT)
    if taken.step not in BY_WORDS:
        raise StepHasItsOwnPath(errors=[FieldError("/step", "own-path", "Take this step at its own path.")])
    words = rules.check_words(taken.words)
    today = london_day(now)
    async with db.transaction(actor, once) as tx:
        held = await locked(tx, case_id)
        policy = await policy_of(tx, held.policy_version)
        to = rules.move(held.state, taken.step, by=Mover.AUDITOR)
        nation = taken.nation or held.nation
        first_due = _first_due(held, await cases.steps(tx, case_id))
        due = _due(to, taken, policy, due_on=held.due_on, first=first_due, nation=nation, today=today)
        record = record_of(held, taken.step, to, actor, now)
        await cases.take(tx, held, taken.step, to, due_on=due, words=words, nation=nation, record=record)
        shown = await seen(tx, await get_within(tx, case_id), inside=True)
        once.answer(shown)
    return shown


async def finalise_overdue(db: Database, *, now: datetime, actor: Actor) -> int:
    """Make every refusal final against which no appeal was made in time; return how many that were."""
    today, done, after = london_day(now), 0, 0
    while True:
        async with db.reading() as tx:
            found = await cases.page(
                tx, association=None, audit_id=None, state=State.REFUSED, waiting=True, after=after, limit=100
            )
        if not found:
            return done
        for each in found:
            after = each.id
            if each.due_on is not None and each.due_on < today:
                done += await _finalise(db, each.id, actor=actor, now=now)


async def get(db: Database, *, case_id: int, actor: Actor) -> SeenCase:
    """Return a case to those who audit, or to an association whose member it concerns."""
    association = concerning(actor)
    async with db.reading() as tx:
        held = await get_within(tx, case_id)
        check_concerned(held, association)
        return await seen(tx, held, inside=association is None)


async def page(
    db: Database, *, audit_id: int | None, state: State | None, actor: Actor, after: str | None, limit: int
) -> Page[HeldCase]:
    """Return the cases that concern the caller's association, or everybody's to those who audit."""
    association = concerning(actor)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await cases.page(
            tx,
            association=association,
            audit_id=audit_id,
            state=state,
            waiting=False,
            after=last,
            limit=limit + 1,
        )
    return page_of(found, limit=limit, place=lambda each: (each.id,))


async def reminders(
    db: Database, *, actor: Actor, after: str | None, limit: int, now: datetime
) -> Page[Reminder]:
    """Return what is due in cases and has come up to be reminded of."""
    association = concerning(actor)
    (last,) = place_of(after, int) or (0,)
    today = london_day(now)
    async with db.reading() as tx:
        found = await cases.page(
            tx, association=association, audit_id=None, state=None, waiting=True, after=last, limit=limit + 1
        )
        terms = {each.version: each for each in await policies.published(tx)}
    shown = page_of(found, limit=limit, place=lambda each: (each.id,))
    due = [
        Reminder(case=each, since=since, days_left=(each.due_on - today).days)
        for each in shown.items
        if each.due_on is not None
        and (
            since := reminded_since(
                each.due_on, terms[each.policy_version].reminders_days_before, today=today
            )
        )
    ]
    return Page(due, shown.next)


def concerning(actor: Actor) -> str | None:
    """Return the one association whose cases a caller sees, None for those who audit."""
    return None if actor.may(AUDIT) else own_association(actor)


def check_concerned(held: HeldCase, association: str | None) -> None:
    """Refuse a case that does not concern the association, as if there were none."""
    if association is not None and association not in held.associations:
        raise NoSuchCase


async def get_within(tx: Transaction, case_id: int) -> HeldCase:
    """Return a case; raises NoSuchCase."""
    held = await cases.find(tx, case_id)
    if held is None:
        raise NoSuchCase
    return held


async def locked(tx: Transaction, case_id: int) -> HeldCase:
    """Return a case that nobody else moves meanwhile; raises NoSuchCase."""
    held = await cases.lock(tx, case_id)
    if held is None:
        raise NoSuchCase
    return held


async def seen(tx: Transaction, held: HeldCase, *, inside: bool) -> SeenCase:
    """Return a case with what was done and found in it."""
    return SeenCase(
        case=held,
        steps=tuple(await cases.steps(tx, held.id)),
        findings=tuple(await assessing.findings(tx, held.id)),
        inside=inside,
    )


def deadline(held: HeldCase, to: State, policy: AuditPolicy, *, today: date) -> date | None:
    """Return the last day for what a case waits for in the state to which it moves."""
    return deadlines.due_on(to, policy, today=today, holidays=BankHolidays(held.nation))


def record_of(held: HeldCase, taken: Step, to: State, actor: Actor, now: datetime) -> Record:
    """Return the line of a step: the register follows what is final by the number, nothing else names it."""
    event = "audit.failed" if rules.becomes_final(held.state, to) else _TOLD_OF.get(to)
    if event is not None:
        facts = {"case": held.id, "audit": held.audit_id, "on": london_day(now).isoformat()}
        return Record(actor=actor, at=now, event=event, subject=held.number, facts=facts)
    return _record("audit-case.moved", held.id, {"step": taken.value, "state": to.value}, actor, now)


def _first_due(held: HeldCase, steps: Sequence[TakenStep]) -> date | None:
    """Return the last day for what is waited for as it was before any extension."""
    unextended = [each.due_on for each in steps if each.step is not Step.EXTEND]
    return unextended[-1] if unextended else held.due_on


def _due(
    to: State,
    taken: WordedStep,
    policy: AuditPolicy,
    *,
    due_on: date | None,
    first: date | None,
    nation: str | None,
    today: date,
) -> date | None:
    holidays = BankHolidays(nation)
    match taken.step:
        case Step.EXTEND:
            assert due_on is not None and first is not None  # noqa: S101, PT018 - what is waited for is due
            latest = first + timedelta(days=policy.most_extension_days)
            until = rules.check_extension(taken.until, due_on=due_on, latest=latest, today=today)
            return working_day(until, holidays)
        case Step.RESUME:
            until = rules.check_extension(taken.until, due_on=today, latest=date.max, today=today)
            return working_day(until, holidays)
        case Step.FINALISE:
            assert due_on is not None  # noqa: S101 - a refusal may be appealed against until a day
            rules.check_final(due_on, today=today)
    return deadlines.due_on(to, policy, today=today, holidays=holidays)


async def _finalise(db: Database, case_id: int, *, actor: Actor, now: datetime) -> bool:
    async with db.transaction(actor) as tx:
        held = await locked(tx, case_id)
        if held.state is not State.REFUSED or held.due_on is None or held.due_on >= london_day(now):
            return False
        to = rules.move(held.state, Step.FINALISE, by=Mover.AUDITOR)
        record = record_of(held, Step.FINALISE, to, actor, now)
        await cases.take(tx, held, Step.FINALISE, to, due_on=None, words="No appeal was made.", record=record)
    return True


def _record(event: str, case_id: int, facts: dict[str, object], actor: Actor, now: datetime) -> Record:
    return Record(actor=actor, at=now, event=event, subject=f"audit-case:{case_id}", facts=facts)
