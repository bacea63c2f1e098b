"""Decisions of panels, and what takes effect with them: at once, or when no appeal can change it any more."""

from collections.abc import Sequence
from datetime import datetime

from services.register.domain.conduct.complaint import PersonNotIdentified, Step
from services.register.domain.conduct.decision import (
    SANCTION_OF,
    AppealOutcome,
    AppealRuling,
    ComplaintOutcome,
    Decision,
    ReasonsMissing,
    checked,
)
from services.register.domain.conduct.parts import Part, check_panel
from services.register.operations.conduct import cases
from services.register.operations.conduct.cases import Case, as_registrar, locked, policy_on, seen
from services.register.operations.conduct.examinations import sanctioned
from services.register.operations.public_entries import republish
from services.register.operations.sanctions import impose_within, lift_within
from services.register.storage.conduct import decisions
from services.register.storage.conduct.complaints import HeldComplaint
from services.register.storage.conduct.decisions import Decided, Publication
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record

ENDS_WITH_DECISION = "The complaint in which this was imposed for the time being has been decided."
APPEAL_ALLOWED = "The appeal was allowed."


async def decide(
    db: Database,
    once: Once,
    *,
    complaint_id: int,
    decision: Decision,
    members: Sequence[str],
    actor: Actor,
    now: datetime,
) -> Case:
    """Report what the panel decided; a sanction that no appeal stays is imposed in the same step."""
    registrar, by = as_registrar(actor)
    decision = checked(decision, today=london_day(now))
    async with db.transaction(registrar, once) as tx:
        group, held = await _of_person(tx, complaint_id)
        policy = await policy_on(tx, now)
        upheld = decision.outcome is not ComplaintOutcome.NO_ACTION
        taken = Step.UPHOLD if upheld else Step.NOT_UPHOLD
        record = await cases.step(tx, held, taken, words=None, actor=registrar, by=by, now=now)
        check_panel(held.complaint, members, by=by.subject, part=Part.PANEL, quorum=policy.panel_quorum)
        await decisions.decide(
            tx, complaint_id, decision, members, policy_version=policy.version, record=record
        )
        if not policy.stays(decision.outcome):
            await _impose(tx, group, held, decision, actor=registrar, now=now)
            await _end_interim(tx, group, held, actor=registrar, now=now)
            await republish(tx, group.ids, now=now)
        shown = await seen(tx, complaint_id, actor=registrar)
        once.answer(shown)
    return shown


async def decide_appeal(
    db: Database,
    once: Once,
    *,
    complaint_id: int,
    ruling: AppealRuling,
    actor: Actor,
    now: datetime,
) -> Case:
    """Report what the appeal panel decided: the decision is final, or falls with what it imposed."""
    registrar, by = as_registrar(actor)
    if not ruling.reasons.strip():
        raise ReasonsMissing
    async with db.transaction(registrar, once) as tx:
        group, held = await _of_person(tx, complaint_id)
        policy = await policy_on(tx, now)
        allowed = ruling.outcome is AppealOutcome.ALLOWED
        taken = Step.ALLOW_APPEAL if allowed else Step.DISMISS_APPEAL
        record = await cases.step(tx, held, taken, words=None, actor=registrar, by=by, now=now)
        check_panel(
            held.complaint, ruling.members, by=by.subject, part=Part.APPEAL_PANEL, quorum=policy.panel_quorum
        )
        await decisions.decide_appeal(tx, complaint_id, ruling, policy_version=policy.version, record=record)
        follow = _undo if allowed else _make_final
        await follow(tx, group, held, actor=registrar, now=now)
        await republish(tx, group.ids, now=now)
        shown = await seen(tx, complaint_id, actor=registrar)
        once.answer(shown)
    return shown


async def close(
    db: Database, once: Once, *, complaint_id: int, reason: str, actor: Actor, now: datetime
) -> Case:
    """Close a complaint whose decision nobody appealed against in time: the decision is final."""
    registrar, by = as_registrar(actor)
    async with db.transaction(registrar, once) as tx:
        group, held = await _of_person(tx, complaint_id)
        await cases.step(tx, held, Step.CLOSE, words=reason, actor=registrar, by=by, now=now)
        await _make_final(tx, group, held, actor=registrar, now=now)
        await republish(tx, group.ids, now=now)
        shown = await seen(tx, complaint_id, actor=registrar)
        once.answer(shown)
    return shown


async def _of_person(tx: Transaction, complaint_id: int) -> tuple[Group, HeldComplaint]:
    group, held = await locked(tx, complaint_id)
    if group is None:
        raise PersonNotIdentified
    return group, held


async def _make_final(
    tx: Transaction, group: Group, held: HeldComplaint, *, actor: Actor, now: datetime
) -> None:
    """Impose what waited for the appeal, end what stood for the time being, and publish."""
    decided = (await decisions.decided(tx, held.complaint_id))[0]
    linked = await decisions.linked_sanctions(tx, held.complaint_id)
    if all(each.interim for each in linked):
        await _impose(tx, group, held, _decision(decided), actor=actor, now=now)
    await _end_interim(tx, group, held, actor=actor, now=now)
    await _publish(tx, group, held, decided, actor=actor, now=now)


async def _undo(tx: Transaction, group: Group, held: HeldComplaint, *, actor: Actor, now: datetime) -> None:
    today = london_day(now)
    for sanction_id in await decisions.liftable(tx, held.complaint_id, interim=False, today=today):
        await lift_within(tx, group, sanction_id=sanction_id, reason=APPEAL_ALLOWED, actor=actor, now=now)
    await _end_interim(tx, group, held, actor=actor, now=now)


async def _end_interim(
    tx: Transaction, group: Group, held: HeldComplaint, *, actor: Actor, now: datetime
) -> None:
    today = london_day(now)
    for sanction_id in await decisions.liftable(tx, held.complaint_id, interim=True, today=today):
        await lift_within(tx, group, sanction_id=sanction_id, reason=ENDS_WITH_DECISION, actor=actor, now=now)


async def _impose(
    tx: Transaction, group: Group, held: HeldComplaint, decision: Decision, *, actor: Actor, now: datetime
) -> None:
    """Impose the sanction of an outcome from today on; some outcomes have none."""
    kind = SANCTION_OF.get(decision.outcome)
    if kind is None:
        return
    today = london_day(now)
    sanction_id = await impose_within(
        tx,
        person_id=group.kept_id,
        number=group.number,
        kind=kind,
        public_reason=decision.public_summary,
        internal_reason=decision.reasons,
        conditions=decision.conditions,
        valid_from=today,
        valid_to=decision.last_day(today),
        actor=actor,
        now=now,
    )
    await decisions.link_sanction(
        tx,
        held.complaint_id,
        sanction_id,
        interim=False,
        review_on=decision.review_on,
        record=sanctioned(held.complaint_id, actor=actor, now=now),
    )


async def _publish(
    tx: Transaction, group: Group, held: HeldComplaint, decided: Decided, *, actor: Actor, now: datetime
) -> None:
    policy = await policy_on(tx, now)
    outcome = ComplaintOutcome(decided.outcome)
    days = policy.publication(outcome, final_on=london_day(now))
    if days is None:
        return
    first, last = days
    publication = Publication(
        outcome=outcome,
        public_summary=decided.public_summary,
        code_version=held.allegation.citation.code_version,
        principles=held.allegation.citation.principles,
        conduct_on=held.allegation.conduct_on,
        decided_on=london_day(decided.decided_at),
        published_from=first,
        published_to=last,
    )
    facts = {"outcome": outcome.value, "published_to": None if last is None else last.isoformat()}
    record = Record(actor=actor, at=now, event="decision.published", subject=group.number, facts=facts)
    await decisions.publish(
        tx,
        held.complaint_id,
        publication,
        person_id=group.kept_id,
        policy_version=policy.version,
        record=record,
    )


def _decision(decided: Decided) -> Decision:
    return Decision(
        outcome=ComplaintOutcome(decided.outcome),
        reasons=decided.reasons,
        public_summary=decided.public_summary,
        conditions=decided.conditions,
        sanction_days=decided.sanction_days,
        review_on=decided.review_on,
    )
