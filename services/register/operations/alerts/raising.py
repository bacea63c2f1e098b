"""Alerts raised in the transaction of the sanction, membership or merge from which they follow."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from services.register.domain.conduct.alert import Occasion
from services.register.domain.policy import in_force
from services.register.storage.conduct import alerts, policies
from services.register.storage.conduct.alerts import Terms
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Transaction
from shared.journal import Record


async def tell_of(
    tx: Transaction,
    person_ids: Collection[int],
    sanction_id: int,
    *,
    occasion: Occasion,
    actor: Actor,
    now: datetime,
) -> None:
    """Alert every association of which the person is or lately was a member; ``person_ids`` are all records.

    The actor speaks for no association, since one may not write what another is told.
    """
    await alerts.raise_of(
        tx,
        person_ids,
        sanction_id,
        occasion=occasion,
        terms=await _terms(tx, now=now),
        record=_record_of(occasion, actor, now),
    )


async def tell_of_standing(
    tx: Transaction, person_ids: Collection[int], *, association: str | None, actor: Actor, now: datetime
) -> None:
    """Alert an association, or without one all of them, of what stands against people who came to it."""
    await alerts.raise_standing(
        tx,
        person_ids,
        association=association,
        today=london_day(now),
        terms=await _terms(tx, now=now),
        record=_record_of(Occasion.IMPOSED, actor, now),
    )


async def _terms(tx: Transaction, *, now: datetime) -> Terms:
    today = london_day(now)
    policy = in_force(await policies.published(tx), today)
    return Terms(
        at=now,
        due_on=today + timedelta(days=policy.alert_days),
        since=today - timedelta(days=policy.recent_membership_days),
        policy_version=policy.version,
    )


def _record_of(occasion: Occasion, actor: Actor, now: datetime) -> Callable[[int, str], Record]:
    def record(alert_id: int, association: str) -> Record:
        facts = {"association": association, "occasion": occasion.value}
        return Record(actor=actor, at=now, event="alert.raised", subject=f"alert:{alert_id}", facts=facts)

    return record
