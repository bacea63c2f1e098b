"""What follows from what CPD audits find: applied line by line, or decided by a registrar."""

from collections.abc import Sequence
from datetime import datetime

from services.register.domain.cpd_outcomes import outcome as rules
from services.register.domain.cpd_outcomes.outcome import (
    CpdConsequence,
    CpdFinding,
    Effect,
    NoSuchOutcome,
    OutcomeNotProposed,
    OutcomePolicy,
    Ruling,
    Told,
    parse_outcome_policy,
)
from services.register.domain.policy import in_force
from services.register.domain.sanction import EvidenceStillMissing, SanctionKind, SanctionStatus
from services.register.operations.public_entries import republish
from services.register.operations.sanctions import impose_within, lift_within
from services.register.storage import merges, reference, register_entries, sanctions
from services.register.storage.cpd_outcomes import outcomes
from services.register.storage.cpd_outcomes.outcomes import HeldOutcome
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.clock import Clock, london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Line, Record
from shared.paging import Page, page_of, place_of

FOLLOWER = Actor.system("cpd-outcomes")
SeenOutcome = HeldOutcome
WHY_LIFTED = {
    CpdFinding.OVERTURNED: "An appeal against the finding of the CPD audit was allowed.",
    CpdFinding.MADE_GOOD: "What the CPD audit found missing has been made good.",
}


async def apply(tx: Transaction, line: Line, *, clock: Clock) -> None:
    """Do what follows from one line of CPD; a line from which nothing follows is passed over."""
    told = rules.read(line.event, line.facts)
    group = None if told is None else await merges.group_of_number(tx, line.subject)
    if told is None or group is None:
        return
    group = await merges.lock_group(tx, group.kept_id)
    now = clock()
    policy = await _policy(tx, now)
    if told.finding is CpdFinding.FAILED:
        effect, sanction_ids = await _found_against(tx, group, told, policy, now=now)
    else:
        effect, sanction_ids = await _taken_back(tx, group, told, now=now)
    await outcomes.hear(
        tx,
        line,
        case=told.case,
        person_id=group.kept_id,
        finding=told.finding,
        effect=effect,
        sanction_ids=sanction_ids,
        policy_version=policy.version,
        record=_record("cpd-outcome.heard", line.position, effect.value, FOLLOWER, now),
    )
    await republish(tx, group.ids, now=now)


async def decide(
    db: Database, once: Once, *, outcome_id: int, ruling: Ruling, reasons: str, actor: Actor, now: datetime
) -> SeenOutcome:
    """Decide, as a registrar, on what a finding proposes; raises NoSuchOutcome and OutcomeNotProposed."""
    actor.require("register:decide")
    why = rules.check_reasons(reasons)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, outcome_id)
        group = await merges.lock_group(tx, held.person_id)
        held = await _get(tx, outcome_id)
        if held.effect is not Effect.PROPOSED or held.ruling is not None or held.over:
            raise OutcomeNotProposed
        sanction_ids: Sequence[int] = ()
        if ruling is Ruling.IMPOSE:
            policy = await _policy(tx, now)
            sanction_ids = await _impose(tx, group, held.case, policy, internal=why, actor=actor, now=now)
        await outcomes.decide(
            tx,
            outcome_id,
            ruling=ruling,
            reasons=why,
            sanction_ids=sanction_ids,
            record=_record("cpd-outcome.decided", outcome_id, ruling.value, actor, now),
        )
        await republish(tx, group.ids, now=now)
        shown = await _get(tx, outcome_id)
        once.answer(shown)
    return shown


async def get(db: Database, *, outcome_id: int, actor: Actor) -> SeenOutcome:
    """Return what followed from a line of CPD."""
    actor.require("register:decide")
    async with db.reading() as tx:
        return await _get(tx, outcome_id)


async def page(db: Database, *, actor: Actor, after: str | None, limit: int) -> Page[SeenOutcome]:
    """Return what was heard of CPD audits, in the order of CPD's lines."""
    actor.require("register:decide")
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await outcomes.page(tx, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


async def _found_against(
    tx: Transaction, group: Group, told: Told, policy: OutcomePolicy, *, now: datetime
) -> tuple[Effect, Sequence[int]]:
    if not await register_entries.ever(tx, group.ids):
        return Effect.NOTHING, ()
    if policy.consequence is CpdConsequence.PROPOSAL:
        return Effect.PROPOSED, ()
    internal = f"CPD audit, case {told.case}: set by policy {policy.version}."
    return Effect.IMPOSED, await _impose(
        tx, group, told.case, policy, internal=internal, actor=FOLLOWER, now=now
    )


async def _taken_back(
    tx: Transaction, group: Group, told: Told, *, now: datetime
) -> tuple[Effect, Sequence[int]]:
    """Lift what was imposed for a case; what a registrar has lifted before, or is over, is left alone."""
    failed = await outcomes.failure(tx, told.case)
    lifted: list[int] = []
    left = False
    for sanction_id in failed.sanction_ids if failed else ():
        held = await sanctions.find(tx, sanction_id)
        if held is None or held.sanction.status is SanctionStatus.LIFTED:
            continue
        try:
            async with tx.attempt():
                await lift_within(
                    tx,
                    group,
                    sanction_id=sanction_id,
                    reason=WHY_LIFTED[told.finding],
                    actor=FOLLOWER,
                    now=now,
                )
            lifted.append(sanction_id)
        except EvidenceStillMissing:
            left = True
    if left:
        return Effect.LEFT, lifted
    return (Effect.LIFTED if lifted else Effect.NOTHING), lifted


async def _impose(
    tx: Transaction,
    group: Group,
    case: int,
    policy: OutcomePolicy,
    *,
    internal: str,
    actor: Actor,
    now: datetime,
) -> Sequence[int]:
    """Impose what the policy says, and return the sanctions: a condition now, and perhaps a rest later."""
    today = london_day(now)
    wanted = [(SanctionKind.CONDITIONS, policy.conditions, today)]
    rests_from = policy.rests_from(today)
    if rests_from is not None:
        wanted.append((SanctionKind.SUSPENSION, "", rests_from))
    return [
        await impose_within(
            tx,
            person_id=group.kept_id,
            number=group.number,
            kind=kind,
            public_reason=policy.public_reason,
            internal_reason=internal,
            conditions=conditions or None,
            valid_from=valid_from,
            valid_to=None,
            actor=actor,
            now=now,
        )
        for kind, conditions, valid_from in wanted
    ]


async def _policy(tx: Transaction, now: datetime) -> OutcomePolicy:
    listed = await reference.bodies(tx, "cpd_outcome_policies")
    return in_force([parse_outcome_policy(each["policy"]) for each in listed], london_day(now))


async def _get(tx: Transaction, outcome_id: int) -> HeldOutcome:
    held = await outcomes.find(tx, outcome_id)
    if held is None:
        raise NoSuchOutcome(outcome_id=outcome_id)
    return held


def _record(event: str, outcome_id: int, effect: str, actor: Actor, now: datetime) -> Record:
    """Return a line that names no person: what is only proposed is nobody's business yet."""
    subject = f"cpd-outcome:{outcome_id}"
    return Record(actor=actor, at=now, event=event, subject=subject, facts={"effect": effect})
