"""Alerts read and acknowledged by the associations they are for, and escalated where nobody did."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from services.register.domain.conduct.alert import NoSuchAlert, check_may_acknowledge
from services.register.domain.member import AssociationMissing
from services.register.storage.conduct import alerts
from services.register.storage.conduct.alerts import SeenAlert
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

ESCALATING = Actor.system("escalate-alerts")
DECIDE = "register:decide"
WRITE = "members:write"
Shown = SeenAlert


async def page(
    db: Database,
    *,
    acknowledged: bool | None,
    escalated: bool | None,
    actor: Actor,
    after: str | None,
    limit: int,
) -> Page[SeenAlert]:
    """Return alerts in the order in which they were raised: all to a registrar, to an association its own."""
    actor.require(WRITE, DECIDE)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await alerts.page(
            tx,
            association=_only(actor),
            acknowledged=acknowledged,
            escalated=escalated,
            after=last,
            limit=limit + 1,
        )
    return page_of(found, limit=limit, place=lambda each: (each.alert_id,))


async def acknowledge(db: Database, once: Once, *, alert_id: int, actor: Actor, now: datetime) -> SeenAlert:
    """Say for the caller's association that it knows; an alert that was escalated can be acknowledged too."""
    actor.require(WRITE)
    async with db.transaction(actor, once) as tx:
        found = await alerts.find(tx, alert_id, lock=True)
        if found is None:
            raise NoSuchAlert
        check_may_acknowledge(found.alert, association=actor.association)
        facts = {"association": found.alert.association, "escalated": found.alert.escalated_at is not None}
        record = Record(
            actor=actor, at=now, event="alert.acknowledged", subject=f"alert:{alert_id}", facts=facts
        )
        await alerts.acknowledge(tx, alert_id, record=record)
        shown = replace(found, alert=replace(found.alert, acknowledged_at=now), acknowledged_by=actor.subject)
        once.answer(shown)
    return shown


async def escalate(db: Database, *, now: datetime) -> int:
    """Escalate every alert whose day has passed without an acknowledgement; return how many."""
    async with db.transaction(ESCALATING) as tx:
        return await alerts.escalate(tx, before=london_day(now), at=now, record=_escalated(now))


def _escalated(now: datetime) -> Callable[[int, str], Record]:
    def record(alert_id: int, association: str) -> Record:
        facts = {"association": association}
        subject = f"alert:{alert_id}"
        return Record(actor=ESCALATING, at=now, event="alert.escalated", subject=subject, facts=facts)

    return record


def _only(actor: Actor) -> str | None:
    """Return the association whose alerts the caller may see; None sees all."""
    if actor.may(DECIDE):
        return None
    if actor.association is None:
        raise AssociationMissing
    return actor.association
