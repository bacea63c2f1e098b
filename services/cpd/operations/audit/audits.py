"""The audit up to the draw: announced, frozen, seeded, drawn; whatever could steer it is said before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.cpd.domain.audit import draw as rules
from services.cpd.domain.audit.case import State, check_words
from services.cpd.domain.audit.deadlines import due_on
from services.cpd.domain.audit.draw import (
    AssociationNotAudited,
    AuditMove,
    NobodyToNotify,
    NoSuchAudit,
)
from services.cpd.domain.audit.policy import AuditPolicy, audit_policy_on
from services.cpd.domain.policy import MembershipLevel, in_force
from services.cpd.operations.audit.bank_holidays import BankHolidays
from services.cpd.storage import policies as cpd_policies
from services.cpd.storage.audit import audits, cases, lists, policies
from services.cpd.storage.audit.audits import Freeze, HeldAudit
from shared.actor import Actor
from shared.clock import london_day, rfc3339
from shared.database import Database, Transaction
from shared.draw import SeedSource, check_drawer, check_freeze, check_seed
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of
from shared.sampling import SizeRule

AUDIT = "cpd:audit"
SeenAudit = HeldAudit


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcement:
    """What is announced; a stratum without a rule of its own is drawn at its declared rate."""

    title: str
    source: SeedSource
    strata: Sequence[tuple[str, SizeRule | None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Notified:
    """How many were notified, and by when their packs are due."""

    audit: HeldAudit
    cases: int
    due_on: date


async def announce(
    db: Database, once: Once, *, announced: Announcement, actor: Actor, now: datetime
) -> HeldAudit:
    """Announce an audit: who can be drawn, how many, and where the seed will come from and when.

    Raises SeedExpectedTooEarly, AssociationTwice and AssociationNotAudited.
    """
    actor.require(AUDIT)
    rules.check_announcement(announced.source, [each for each, _ in announced.strata], now=now)
    async with db.transaction(actor, once) as tx:
        policy = audit_policy_on(await policies.published(tx), london_day(now))
        sizes = await _sizes(tx, announced.strata, policy, day=london_day(now))
        facts = {
            "associations": sorted(sizes),
            "seed_source": announced.source.kind.value,
            "seed_where": announced.source.where,
            "seed_expected_at": rfc3339(announced.source.expected_at),
            "policy_version": policy.version,
        }
        audit_id = await audits.announce(
            tx,
            title=announced.title,
            source=announced.source,
            rules=sizes,
            policy_version=policy.version,
            announced_by=actor.subject,
            announced_at=now,
            record=lambda made: _record("audit.announced", made, facts, actor, now),
        )
        shown = await _get(tx, audit_id)
        once.answer(shown)
    return shown


async def freeze(db: Database, once: Once, *, audit_id: int, actor: Actor, now: datetime) -> HeldAudit:
    """Freeze who can be drawn, publish the digest of the list, and fix the sizes, all before the seed exists.

    What the register tells after the freeze changes nothing of it. Raises FrozenTooLate.
    """
    actor.require(AUDIT)
    today = london_day(now)
    async with db.transaction(actor, once) as tx:
        await audits.let_nobody_else_open(tx)
        held = await _locked(tx, audit_id)
        state = rules.moved(held.state, AuditMove.FREEZE)
        policy = await policy_of(tx, held.policy_version)
        check_freeze(held.source, minutes_before=policy.freeze_minutes_before, now=now)
        position = await lists.hold_register(tx)
        # Filled in as it becomes known: the line is written when the transaction ends.
        facts: dict[str, object] = {"register_position": position}
        record = _record("audit.frozen", audit_id, facts, actor, now)
        await lists.list_people(
            tx,
            audit_id,
            associations=sorted(held.rules),
            day=today,
            entered_by=today - timedelta(days=policy.newly_registered_days),
            audited_since=today - timedelta(days=policy.recently_audited_days),
            record=record,
        )
        fixed = await _fixed(tx, held, frozen_on=today, register_position=position, frozen_at=now)
        facts |= {
            "list_hash": fixed.list_hash,
            "excluded": fixed.excluded,
            "strata": {each: {"population": of, "size": size} for each, (of, size) in fixed.sizes.items()},
        }
        await lists.freeze(tx, audit_id, fixed, record=record)
        await audits.move(tx, audit_id, state, record=record)
        shown = await _get(tx, audit_id)
        once.answer(shown)
    return shown


async def enter_seed(
    db: Database, once: Once, *, audit_id: int, seed: str, born_at: datetime, actor: Actor, now: datetime
) -> HeldAudit:
    """Enter the seed as it came from the announced source; ``born_at`` is when it came into being.

    Raises SeedNotReadable, SeedNotYetThere and SeedNotAfterTheFreeze.
    """
    actor.require(AUDIT)
    async with db.transaction(actor, once) as tx:
        held = await _locked(tx, audit_id)
        state = rules.moved(held.state, AuditMove.ENTER_SEED)
        assert held.freeze is not None  # noqa: S101 - whatever is frozen has its list
        check_seed(seed, born_at=born_at, frozen_at=held.freeze.frozen_at, source=held.source, now=now)
        facts = {"seed": seed, "born_at": rfc3339(born_at)}
        record = _record("audit.seeded", audit_id, facts, actor, now)
        await audits.write_seed(
            tx, audit_id, seed=seed, born_at=born_at, entered_by=actor.subject, record=record
        )
        await audits.move(tx, audit_id, state, record=record)
        shown = await _get(tx, audit_id)
        once.answer(shown)
    return shown


async def draw(db: Database, once: Once, *, audit_id: int, actor: Actor, now: datetime) -> HeldAudit:
    """Draw the samples and open one case for each person drawn; raises SeedDrawnByWhoEnteredIt."""
    actor.require(AUDIT)
    async with db.transaction(actor, once) as tx:
        await audits.let_nobody_else_open(tx)
        held = await _locked(tx, audit_id)
        state = rules.moved(held.state, AuditMove.DRAW)
        assert held.seed is not None and held.freeze is not None  # noqa: S101, PT018 - it was seeded
        check_drawer(held.seed.entered_by, actor.subject)
        policy = await policy_of(tx, held.policy_version)
        facts: dict[str, object] = {}
        record = _record("audit.drawn", audit_id, facts, actor, now)
        await lists.draw(
            tx,
            audit_id,
            seed=held.seed.seed,
            entered_by=held.seed.entered_by,
            drawn_by=actor.subject,
            record=record,
        )
        opened = await cases.open_drawn(
            tx,
            audit_id,
            period=policy.period_before(held.freeze.frozen_on),
            version=policy.version,
            record=record,
        )
        facts |= {"people": opened, "places": sum(size for _, size in held.freeze.sizes.values())}
        await audits.move(tx, audit_id, state, record=record)
        shown = await _get(tx, audit_id)
        once.answer(shown)
    return shown


async def cancel(
    db: Database, once: Once, *, audit_id: int, reason: str, actor: Actor, now: datetime
) -> HeldAudit:
    """Cancel an audit that is not drawn yet, for a reason that everybody can read."""
    actor.require(AUDIT)
    check_words(reason)
    async with db.transaction(actor, once) as tx:
        held = await _locked(tx, audit_id)
        state = rules.moved(held.state, AuditMove.CANCEL)
        record = _record("audit.cancelled", audit_id, {}, actor, now)
        await audits.move(tx, audit_id, state, record=record, cancel_reason=reason.strip())
        shown = await _get(tx, audit_id)
        once.answer(shown)
    return shown


async def notify(db: Database, once: Once, *, audit_id: int, actor: Actor, now: datetime) -> Notified:
    """Give notice to everybody who was drawn and has none yet; the packs are due on a working day."""
    actor.require(AUDIT)
    async with db.transaction(actor, once) as tx:
        held = await _locked(tx, audit_id)
        if not await cases.page(
            tx, association=None, audit_id=audit_id, state=State.DRAWN, waiting=False, after=0, limit=1
        ):
            raise NobodyToNotify
        policy = await policy_of(tx, held.policy_version)
        due = due_on(State.NOTIFIED, policy, today=london_day(now), holidays=BankHolidays(None))
        assert due is not None  # noqa: S101 - a notice has a last day
        facts: dict[str, object] = {"due_on": due.isoformat()}
        record = _record("audit.notified", audit_id, facts, actor, now)
        many = await cases.notify_drawn(tx, audit_id, due_on=due, record=record)
        facts["cases"] = many
        notified = Notified(audit=held, cases=many, due_on=due)
        once.answer(notified)
    return notified


async def get(db: Database, *, audit_id: int) -> HeldAudit:
    """Return an audit; raises NoSuchAudit."""
    async with db.reading() as tx:
        return await _get(tx, audit_id)


async def page(db: Database, *, after: str | None, limit: int) -> Page[HeldAudit]:
    """Return audits in the order in which they were announced."""
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await audits.page(tx, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


async def policy_of(tx: Transaction, version: str) -> AuditPolicy:
    """Return the terms under which an audit was announced, or a case was opened."""
    return next(each for each in await policies.published(tx) if each.version == version)


async def _sizes(
    tx: Transaction, strata: Sequence[tuple[str, SizeRule | None]], policy: AuditPolicy, *, day: date
) -> dict[str, SizeRule]:
    """Return how the size of each stratum is set; its professional members have to be audited by policy."""
    known = await cpd_policies.every(tx)
    members = frozenset(await lists.known_associations(tx))
    for association, _ in strata:
        asked = in_force(known, association=association, level=MembershipLevel.PROFESSIONAL, day=day)
        if association not in members or asked is None or not asked.audited:
            raise AssociationNotAudited(association=association)
    return {association: rule or SizeRule(rate=policy.rate_of(association)) for association, rule in strata}


async def _fixed(
    tx: Transaction, held: HeldAudit, *, frozen_on: date, register_position: int, frozen_at: datetime
) -> Freeze:
    """Return what is fixed of a list that has just been written."""
    populations, excluded = await lists.counts(tx, held.id)
    return Freeze(
        frozen_on=frozen_on,
        frozen_at=frozen_at,
        register_position=register_position,
        list_hash=await lists.digest(tx, held.id),
        people=await lists.listed(tx, held.id),
        excluded=excluded,
        sizes={each: _size(rule, populations.get(each, 0)) for each, rule in held.rules.items()},
    )


async def _get(tx: Transaction, audit_id: int) -> HeldAudit:
    held = await audits.find(tx, audit_id)
    if held is None:
        raise NoSuchAudit(audit_id=audit_id)
    return held


async def _locked(tx: Transaction, audit_id: int) -> HeldAudit:
    held = await audits.lock(tx, audit_id)
    if held is None:
        raise NoSuchAudit(audit_id=audit_id)
    return held


def _size(rule: SizeRule, population: int) -> tuple[int, int]:
    return population, rule.of(population)


def _record(event: str, audit_id: int, facts: Mapping[str, object], actor: Actor, now: datetime) -> Record:
    return Record(actor=actor, at=now, event=event, subject=f"audit:{audit_id}", facts=facts)
