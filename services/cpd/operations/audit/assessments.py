"""Assessing a case: what is handed in, who looks at it, what they find, and what becomes of an appeal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.cpd.domain.access import own_association
from services.cpd.domain.audit import case as rules
from services.cpd.domain.audit import pack as packing
from services.cpd.domain.audit.assigning import MayNotAssessThis, barred, choose
from services.cpd.domain.audit.case import Mover, NoSuchCase, State, Step
from services.cpd.domain.audit.pack import Pack
from services.cpd.operations.audit.audits import AUDIT, policy_of
from services.cpd.operations.audit.cases import (
    SeenCase,
    check_concerned,
    concerning,
    deadline,
    get_within,
    locked,
    record_of,
    seen,
)
from services.cpd.operations.persons import named
from services.cpd.storage.audit import assessing, cases, packs
from services.cpd.storage.audit.cases import HeldCase
from services.cpd.storage.audit.packs import HeldPack
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record


class Ruling(StrEnum):
    """What becomes of an appeal."""

    ALLOWED = "allowed"
    DISMISSED = "dismissed"
    REASSESSMENT = "reassessment"


_RULED = {
    Ruling.ALLOWED: Step.ALLOW_APPEAL,
    Ruling.DISMISSED: Step.DISMISS_APPEAL,
    Ruling.REASSESSMENT: Step.REASSESS,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenPack:
    """A version of a pack; without a number where an assessor reads it."""

    case_id: int
    number: str | None
    pack: HeldPack


async def submit(
    db: Database, once: Once, *, case_id: int, pack: Pack, actor: Actor, now: datetime
) -> SeenPack:
    """Hand in what a member shows, made of entries of the log; raises PackIncomplete."""
    association = own_association(actor)
    async with db.transaction(actor, once) as tx:
        held = await locked(tx, case_id)
        check_concerned(held, association)
        to = rules.move(held.state, Step.SUBMIT, by=Mover.ASSOCIATION)
        policy = await policy_of(tx, held.policy_version)
        numbers = (await named(tx, held.number)).numbers
        done = await packs.done_by(tx, numbers, first=held.period_from, last=held.period_to)
        packing.check(
            pack,
            done={each: (first, last) for each, (first, last, _) in done.items()},
            first=held.period_from,
            last=held.period_to,
            described=policy.described_activities,
            gap_days=policy.gap_days,
        )
        record = record_of(held, Step.SUBMIT, to, actor, now)
        rows = [done[each.entry_id][2] for each in pack.activities]
        await packs.submit(tx, case_id, pack, versions=rows, association=association, record=record)
        await cases.take(tx, held, Step.SUBMIT, to, due_on=None, words=None, record=record)
        handed_in = await packs.pack(tx, case_id, None)
        assert handed_in is not None  # noqa: S101 - written above
        shown = SeenPack(case_id=case_id, number=held.number, pack=handed_in)
        once.answer(shown)
    return shown


async def get_pack(db: Database, *, case_id: int, version: int | None, actor: Actor) -> SeenPack:
    """Return a pack to an association that it concerns; to those who assess without saying whose it is."""
    association = concerning(actor)
    async with db.reading() as tx:
        held = await get_within(tx, case_id)
        check_concerned(held, association)
        found = await packs.pack(tx, case_id, version)
    # What one association tells of an entry stays with it.
    if found is None or association not in (None, found.association):
        raise NoSuchCase
    return SeenPack(case_id=case_id, number=None if association is None else held.number, pack=found)


async def assign(db: Database, once: Once, *, case_id: int, actor: Actor, now: datetime) -> SeenCase:
    """Give a case to whoever may assess it and has least to do; raises NobodyMayAssess."""
    actor.require(AUDIT)
    async with db.transaction(actor, once) as tx:
        held = await locked(tx, case_id)
        to = rules.move(held.state, Step.ASSIGN, by=Mover.AUDITOR)
        second = to is State.SECOND_OPINION
        findings = await assessing.findings(tx, case_id)
        chosen = choose(
            await assessing.assessors(tx),
            associations=await _associations(tx, held),
            numbers=(await named(tx, held.number)).numbers,
            taken_part=barred(
                [(each.assessor, each.outcome) for each in findings],
                rulers=await assessing.rulers(tx, case_id),
                assigned=await assessing.assigned(tx, case_id, found=len(findings)),
                second=second,
            ),
        )
        record = record_of(held, Step.ASSIGN, to, actor, now)
        await assessing.assign(
            tx,
            case_id,
            subject=chosen.subject,
            second=second,
            found=len(findings),
            record=record,
        )
        await cases.take(tx, held, Step.ASSIGN, to, due_on=None, words=None, record=record)
        shown = await seen(tx, await get_within(tx, case_id), inside=True)
        once.answer(shown)
    return shown


async def find(
    db: Database, once: Once, *, case_id: int, outcome: Step, reasons: str, actor: Actor, now: datetime
) -> SeenCase:
    """Write what the assessor to whom the case was given finds; a refusal needs two of them.

    Who may assess is asked again: memberships change. Raises NotYourPart and MayNotAssessThis.
    """
    actor.require(AUDIT)
    words = rules.check_words(reasons)
    async with db.transaction(actor, once) as tx:
        held = await locked(tx, case_id)
        to = rules.move(held.state, outcome, by=Mover.ASSESSOR)
        before = await assessing.findings(tx, case_id)
        if await assessing.assigned(tx, case_id, found=len(before)) != actor.subject:
            raise rules.NotYourPart(mover=Mover.ASSESSOR)
        await _check_may_assess(tx, held, actor)
        handed_in = await packs.pack(tx, case_id, None)
        record = record_of(held, outcome, to, actor, now)
        place = await assessing.find(
            tx,
            case_id,
            outcome=outcome,
            second=held.state is State.SECOND_OPINION,
            silence=False,
            pack_version=None if handed_in is None else handed_in.version,
            reasons=words,
            record=record,
        )
        if to is State.REFUSED:
            await assessing.refuse(
                tx, case_id, before[-1], second_place=place, second_by=actor.subject, record=record
            )
        await _take(tx, held, outcome, to, words, record)
        shown = await seen(tx, await get_within(tx, case_id), inside=True)
        once.answer(shown)
    return shown


async def note_silence(
    db: Database, once: Once, *, case_id: int, words: str, actor: Actor, now: datetime
) -> SeenCase:
    """Find that nothing was handed in, days after it was due; a second assessor has to agree."""
    actor.require(AUDIT)
    reasons = rules.check_words(words)
    async with db.transaction(actor, once) as tx:
        held = await locked(tx, case_id)
        to = rules.move(held.state, Step.NOTE_SILENCE, by=Mover.AUDITOR)
        policy = await policy_of(tx, held.policy_version)
        assert held.due_on is not None  # noqa: S101 - whatever is waited for has a last day
        rules.check_silent(held.due_on + timedelta(days=policy.silence_days), today=london_day(now))
        record = record_of(held, Step.NOTE_SILENCE, to, actor, now)
        await assessing.find(
            tx,
            case_id,
            outcome=Step.FIND_NOT_MET,
            second=False,
            silence=True,
            pack_version=None,
            reasons=reasons,
            record=record,
        )
        await _take(tx, held, Step.NOTE_SILENCE, to, reasons, record)
        shown = await seen(tx, await get_within(tx, case_id), inside=True)
        once.answer(shown)
    return shown


async def appeal(
    db: Database, once: Once, *, case_id: int, words: str, actor: Actor, now: datetime
) -> SeenCase:
    """Appeal for a member against a refusal, in time; meanwhile nothing changes. Raises AppealTooLate."""
    association = own_association(actor)
    reasons = rules.check_words(words)
    async with db.transaction(actor, once) as tx:
        held = await locked(tx, case_id)
        check_concerned(held, association)
        to = rules.move(held.state, Step.APPEAL, by=Mover.ASSOCIATION)
        assert held.due_on is not None  # noqa: S101 - a refusal may be appealed against until a day
        rules.check_appeal(held.due_on, today=london_day(now))
        record = record_of(held, Step.APPEAL, to, actor, now)
        await _take(tx, held, Step.APPEAL, to, reasons, record)
        shown = await seen(tx, await get_within(tx, case_id), inside=False)
        once.answer(shown)
    return shown


async def rule(
    db: Database, once: Once, *, case_id: int, ruling: Ruling, words: str, actor: Actor, now: datetime
) -> SeenCase:
    """Decide an appeal; whoever had a part in the case does not. Raises NotYourPart."""
    actor.require(AUDIT)
    reasons = rules.check_words(words)
    async with db.transaction(actor, once) as tx:
        held = await locked(tx, case_id)
        to = rules.move(held.state, _RULED[ruling], by=Mover.APPEAL)
        if actor.subject in await assessing.taken_part(tx, case_id):
            raise rules.NotYourPart(mover=Mover.APPEAL)
        await _check_may_assess(tx, held, actor)
        record = record_of(held, _RULED[ruling], to, actor, now)
        await _take(tx, held, _RULED[ruling], to, reasons, record)
        shown = await seen(tx, await get_within(tx, case_id), inside=True)
        once.answer(shown)
    return shown


async def _take(tx: Transaction, held: HeldCase, step: Step, to: State, words: str, record: Record) -> None:
    policy = await policy_of(tx, held.policy_version)
    due = deadline(held, to, policy, today=london_day(record.at))
    await cases.take(tx, held, step, to, due_on=due, words=words, record=record)


async def _check_may_assess(tx: Transaction, held: HeldCase, actor: Actor) -> None:
    """Refuse whoever belongs to the person's associations now, or has declared a conflict."""
    associations = await _associations(tx, held)
    numbers = (await named(tx, held.number)).numbers
    known = {each.subject: each for each in await assessing.assessors(tx)}
    assessor = known.get(actor.subject)
    conflicted = assessor and not assessor.may_assess(associations=associations, numbers=numbers)
    if conflicted or actor.association in associations:
        raise MayNotAssessThis


async def _associations(tx: Transaction, held: HeldCase) -> frozenset[str]:
    """Return every association in which the person is, or was in the days that are looked at."""
    numbers = (await named(tx, held.number)).numbers
    found = await assessing.associations_of(tx, numbers, since=held.period_from)
    return found | frozenset(held.associations)
