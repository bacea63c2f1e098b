"""From an application to a decision: submitted by an association, decided by a registrar who took no part."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.register.domain import licence as rules
from services.register.domain.licence import Application, ApplicationStatus
from services.register.domain.member import AssociationMissing, NoSuchMember
from services.register.domain.policy import Scope
from services.register.operations import admissions
from services.register.operations.public_entries import republish
from services.register.storage import applications, merges, people
from services.register.storage.applications import HeldApplication
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import NotFound
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

DECIDE = "register:decide"
WRITE = "members:write"
SeenApplication = HeldApplication


class NoSuchApplication(NotFound):
    """There is no such application, or it is not one of yours."""


class ApplicationOutcome(StrEnum):
    """What a registrar decides."""

    ADMITTED = "admitted"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A registrar's decision, with reasons that the association may read."""

    outcome: ApplicationOutcome
    reasons: tuple[str, ...]


async def submit(
    db: Database, once: Once, *, member_id: str, scopes: Sequence[Scope], actor: Actor, now: datetime
) -> SeenApplication:
    """Ask for a member of the caller's association to be admitted to the register."""
    actor.require(WRITE)
    if actor.association is None:
        raise AssociationMissing
    async with db.transaction(actor, once) as tx:
        person = await people.find_by_member_id(tx, actor.association, member_id)
        if person is None:
            raise NoSuchMember
        group = await merges.lock_group(tx, person.id)
        await admissions.check_may_enter(tx, group, actor=actor, now=now)
        application_id = await applications.submit(
            tx,
            person_id=group.kept_id,
            association=actor.association,
            scopes=scopes,
            record=_record("application.submitted", group, actor, now),
        )
        submitted = await _get(tx, application_id, actor=actor)
        once.answer(submitted)
    return submitted


async def withdraw(
    db: Database, once: Once, *, application_id: int, actor: Actor, now: datetime
) -> SeenApplication:
    """Take back an application of the caller's association that nobody has decided yet."""
    actor.require(WRITE)
    if actor.association is None:
        raise AssociationMissing
    async with db.transaction(actor, once) as tx:
        group, held = await _locked(tx, application_id, actor=actor)
        if held.association != actor.association:
            raise NoSuchApplication
        withdrawn = rules.withdraw(held.application, today=london_day(now))
        record = _record("application.withdrawn", group, actor, now)
        await applications.decide(tx, withdrawn, record=record)
        shown = await _get(tx, application_id, actor=actor)
        once.answer(shown)
    return shown


async def decide(
    db: Database, once: Once, *, application_id: int, decision: Decision, actor: Actor, now: datetime
) -> SeenApplication:
    """Admit somebody, with register entry and licence in the same step, or refuse with reasons."""
    actor.require(DECIDE)
    # A registrar decides for the whole register, whichever association the token may also name.
    actor = replace(actor, association=None)
    async with db.transaction(actor, once) as tx:
        group, held = await _locked(tx, application_id, actor=actor)
        if decision.outcome is ApplicationOutcome.ADMITTED:
            await _admit(tx, group, held, decision, actor=actor, now=now)
        else:
            refused = rules.refuse(
                held.application, by=actor.subject, reasons=decision.reasons, today=london_day(now)
            )
            record = _record("application.refused", group, actor, now)
            await applications.decide(tx, refused, record=record)
        shown = await _get(tx, application_id, actor=actor)
        once.answer(shown)
    return shown


async def get(db: Database, *, application_id: int, actor: Actor) -> SeenApplication:
    """Return an application that the caller may see."""
    async with db.reading(None if actor.may(DECIDE) else actor) as tx:
        return await _get(tx, application_id, actor=actor)


async def page(
    db: Database, *, status: ApplicationStatus | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenApplication]:
    """Return the applications that the caller may see, oldest first."""
    (last,) = place_of(after, int) or (0,)
    viewer = _viewer(actor)
    async with db.reading(None if actor.may(DECIDE) else actor) as tx:
        found = await applications.page(tx, association=viewer, status=status, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.application_id,))


async def _admit(
    tx: Transaction, group: Group, held: SeenApplication, decision: Decision, *, actor: Actor, now: datetime
) -> None:
    granted = await admissions.examine(tx, group, held, actor=actor, now=now)
    admitted = rules.admitted(held.application, by=actor.subject, today=london_day(now))
    await applications.decide(
        tx,
        _with_reasons(admitted, decision.reasons),
        policy_version=granted.admission.policy_version,
        record=_record("application.admitted", group, actor, now),
    )
    await admissions.enter(tx, group, held, granted, actor=actor, now=now)
    await republish(tx, group.ids, now=now)


def _with_reasons(application: Application, reasons: Sequence[str]) -> Application:
    given = tuple(" ".join(reason.split()) for reason in reasons if reason.strip())
    return replace(application, reasons=given)


async def _locked(tx: Transaction, application_id: int, *, actor: Actor) -> tuple[Group, SeenApplication]:
    """Return an application and whom it is for, with the person locked so that one decision is made."""
    seen = await _get(tx, application_id, actor=actor)
    group = await merges.lock_group(tx, seen.person_id)
    return group, await _get(tx, application_id, actor=actor)


async def _get(tx: Transaction, application_id: int, *, actor: Actor) -> SeenApplication:
    viewer = _viewer(actor)
    held = await applications.find(tx, application_id)
    if held is None or viewer not in (None, held.association):
        raise NoSuchApplication
    return held


def _viewer(actor: Actor) -> str | None:
    """Return the association whose applications the caller sees, None for all of them."""
    if actor.may(DECIDE):
        return None
    if actor.association is None:
        raise AssociationMissing
    return actor.association


def _record(event: str, group: Group, actor: Actor, now: datetime) -> Record:
    return Record(actor=actor, at=now, event=event, subject=group.number, facts={})
