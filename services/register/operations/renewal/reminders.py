"""Reminders of renewal: written by a job when they are due, each once, and read by the association."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.register.domain.policy import LicencePolicy, in_force
from services.register.domain.renewal.reminder import Due, due
from services.register.operations.member_records import own_association
from services.register.storage import memberships, merges, policies
from services.register.storage.merges import Group
from services.register.storage.renewal import reminders
from services.register.storage.renewal.reminders import Ending, Reminder
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.journal import Record
from shared.paging import Page, page_of, place_of

REMINDING = Actor.system("remind-of-renewals")
BATCH = 200
SeenReminder = Reminder


async def remind(db: Database, *, now: datetime, batch: int = BATCH) -> int:
    """Write the reminders that are due today, one to each association, and return how many those are."""
    written, today = 0, london_day(now)
    async with db.reading() as tx:
        known = await policies.licence_policies(tx)
    for each in due(in_force(known, today), today=today):
        after = 0
        while True:
            async with db.reading() as tx:
                endings = await reminders.endings(tx, each, today=today, after=after, limit=batch)
            if not endings:
                break
            after = endings[-1].licence_id
            written += await _write_batch(db, each, endings, known=known, now=now)
    return written


async def page(db: Database, *, actor: Actor, after: str | None, limit: int) -> Page[SeenReminder]:
    """Return the reminders about members of the caller's association, oldest first."""
    association = own_association(actor)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await reminders.page(tx, association, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.reminder_id,))


async def _write_batch(
    db: Database, each: Due, endings: Sequence[Ending], *, known: Sequence[LicencePolicy], now: datetime
) -> int:
    """Write the reminders of some licences, if with their holders locked they are due still."""
    today, written = london_day(now), 0
    async with db.transaction(REMINDING) as tx:
        ids = sorted({ending.person_id for ending in endings})
        groups = dict(zip(ids, await merges.lock_groups(tx, *ids), strict=True))
        licence_ids = [ending.licence_id for ending in endings]
        for ending in await reminders.still_due(tx, each, today=today, licence_ids=licence_ids):
            written += await _write(tx, each, ending, groups[ending.person_id], known=known, now=now)
    return written


async def _write(
    tx: Transaction,
    each: Due,
    ending: Ending,
    group: Group,
    *,
    known: Sequence[LicencePolicy],
    now: datetime,
) -> int:
    """Write the reminder to each association of which the holder is a member today."""
    renew_by = ending.ends_on + timedelta(days=in_force(known, ending.ends_on).grace_days)
    written = 0
    for held in await memberships.held(tx, group.ids, valid_at=london_day(now)):
        facts = {
            "association": held.association,
            "ends_on": ending.ends_on.isoformat(),
            "renew_by": renew_by.isoformat(),
        }
        written += await reminders.write(
            tx,
            ending,
            person_id=group.kept_id,
            association=held.association,
            member_id=held.member_id,
            days_before=each.days_before,
            renew_by=renew_by,
            record=Record(
                actor=REMINDING, at=now, event="renewal.reminder-due", subject=group.number, facts=facts
            ),
        )
    return written
