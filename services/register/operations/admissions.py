"""Admission itself: whether it may be granted, and the register entry and licence that it makes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from services.register.domain import licence as rules
from services.register.domain.admission import (
    Grant,
    PossibleDuplicateUndecided,
    codes_in_force,
    grant,
)
from services.register.domain.facts import LicenceFact
from services.register.domain.licence import (
    Admission,
    AlreadyOnTheRegister,
    EntryStatus,
    RegisterEntry,
    RemovedFromTheRegister,
    SuspensionStands,
)
from services.register.domain.policy import EntryPolicy, MembershipLevel, Scope, in_force
from services.register.domain.qualification import Holding
from services.register.domain.renewal.death import HolderHasDied
from services.register.domain.renewal.evidence import judge
from services.register.domain.sanction import SUSPENSIONS, SanctionKind
from services.register.operations.licences import lapse_within
from services.register.storage import (
    code_acceptances,
    holdings,
    licences,
    memberships,
    policies,
    possible_duplicates,
    reference,
    register_entries,
    sanctions,
)
from services.register.storage.applications import HeldApplication
from services.register.storage.merges import Group
from services.register.storage.register_entries import HeldEntry, just_after
from services.register.storage.renewal import deaths
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Transaction
from shared.journal import Record


async def check_may_enter(tx: Transaction, group: Group, *, actor: Actor, now: datetime) -> None:
    """Refuse an application that could only be refused: for somebody on the register, or barred from it."""
    if await deaths.recorded(tx, group.ids):
        raise HolderHasDied
    await _lapse_first(tx, group, actor=actor, now=now)
    if await _removed(tx, group, day=london_day(now)):
        raise RemovedFromTheRegister
    if _on_register(await register_entries.held(tx, group.ids), day=london_day(now)):
        raise AlreadyOnTheRegister
    if await _suspended(tx, group, day=london_day(now)):
        raise SuspensionStands


async def examine(
    tx: Transaction, group: Group, held: HeldApplication, *, actor: Actor, now: datetime
) -> Grant:
    """Return what the caller may grant to an applicant today, or refuse; the caller holds the lock."""
    today = london_day(now)
    if await deaths.recorded(tx, group.ids):
        raise HolderHasDied
    await _lapse_first(tx, group, actor=actor, now=now)
    if await possible_duplicates.undecided_with_somebody_registered(tx, group.ids):
        raise PossibleDuplicateUndecided
    entries = await register_entries.held(tx, group.ids)
    evidence = tuple(each.holding for each in await holdings.held(tx, group.ids))
    entry_policy = await _judging_policy(tx, group, evidence, held.scopes, today=today)
    licence_policy = in_force(await policies.licence_policies(tx), today)
    level = await membership_level(tx, group, day=today)
    accepted = await code_accepted(tx, group, day=today)
    removed = await _removed(tx, group, day=today)
    if not removed and await _suspended(tx, group, day=today):
        raise SuspensionStands

    def admit(shown: Sequence[Holding]) -> Admission:
        return rules.admit(
            held.application,
            by=actor.subject,
            holdings=shown,
            code_accepted=accepted,
            membership_level=level,
            on_register=_on_register(entries, day=today),
            removed=removed,
            entry_policy=entry_policy,
            licence_policy=licence_policy,
            today=today,
        )

    return grant(admit, by=actor.subject, holdings=evidence, wanted=held.scopes, policy=entry_policy)


async def _judging_policy(
    tx: Transaction, group: Group, evidence: Sequence[Holding], scopes: Sequence[Scope], *, today: date
) -> EntryPolicy:
    """Return the policy in force, or the earlier one by which its transition judges this person."""
    licensed = [
        LicenceFact(valid_from=each.valid_from, valid_to=each.valid_to)
        for each in await licences.held(tx, group.ids)
    ]
    known = await policies.entry_policies(tx)
    return judge(known, day=today, holdings=evidence, scopes=scopes, licensed=licensed).policy


async def enter(
    tx: Transaction, group: Group, held: HeldApplication, granted: Grant, *, actor: Actor, now: datetime
) -> None:
    """Write the register entry and the licence that an admission grants; a retirement ends with it."""
    admission = granted.admission
    retired = [
        entry
        for entry in await register_entries.held(tx, group.ids)
        if not entry.on_register and entry.stands(admission.valid_from)
    ]
    evidence = [
        each
        for each in await holdings.held(tx, group.ids)
        if each.holding.holding_id == granted.bearing_holding_id
    ]
    at = just_after(now, *retired, *evidence)
    entered = _record("register.entered", group, actor, at, {"valid_from": admission.valid_from.isoformat()})
    for entry in retired:
        last = admission.valid_from - timedelta(days=1)
        await register_entries.close(tx, entry, last=last, record=entered)
    await register_entries.enter(
        tx,
        person_id=group.kept_id,
        entry=RegisterEntry(status=EntryStatus.ON_REGISTER, valid_from=admission.valid_from),
        reason=None,
        record=entered,
    )
    await _issue(tx, group, held, granted, actor=actor, at=at)


async def _issue(
    tx: Transaction, group: Group, held: HeldApplication, granted: Grant, *, actor: Actor, at: datetime
) -> None:
    admission = granted.admission
    facts = {
        "valid_from": admission.valid_from.isoformat(),
        "valid_to": admission.valid_to.isoformat(),
        "scopes": [scope.value for scope in admission.scopes],
    }
    await licences.issue(
        tx,
        person_id=group.kept_id,
        application_id=held.application_id,
        holding_id=granted.bearing_holding_id,
        policy_version=admission.policy_version,
        valid_from=admission.valid_from,
        valid_to=admission.valid_to,
        scopes=admission.scopes,
        record=_record("licence.issued", group, actor, at, facts),
    )


async def _lapse_first(tx: Transaction, group: Group, *, actor: Actor, now: datetime) -> None:
    """Do for one person what the job does for all, so that nobody has to wait for it."""
    known = await policies.licence_policies(tx)
    await lapse_within(tx, group, known=known, actor=actor, now=now)


async def membership_level(tx: Transaction, group: Group, *, day: date) -> MembershipLevel | None:
    """Return the highest level that the person holds that day in any association."""
    held = await memberships.held(tx, group.ids, valid_at=day)
    levels = {each.membership.level for each in held}
    return next((level for level in MembershipLevel if level in levels), None)


async def code_accepted(tx: Transaction, group: Group, *, day: date) -> bool:
    """Tell whether some version of the code that is in force has been accepted."""
    codes = codes_in_force(await reference.bodies(tx, "codes_of_ethics"), day=day)
    return any(each.code_version in codes for each in await code_acceptances.held(tx, group.ids))


async def _removed(tx: Transaction, group: Group, *, day: date) -> bool:
    return SanctionKind.REMOVAL in await sanctions.kinds_on(tx, group.ids, day=day)


async def _suspended(tx: Transaction, group: Group, *, day: date) -> bool:
    return bool(SUSPENSIONS & await sanctions.kinds_on(tx, group.ids, day=day))


def _on_register(entries: Sequence[HeldEntry], *, day: date) -> bool:
    """Tell whether an entry on the register stands on the day."""
    return any(each.on_register and each.entry.valid_from <= day and each.stands(day) for each in entries)


def _record(event: str, group: Group, actor: Actor, at: datetime, facts: Mapping[str, object]) -> Record:
    return Record(actor=actor, at=at, event=event, subject=group.number, facts=facts)
