"""What happens to a licence that nobody renewed: it lapses once its days of grace are over.

Verdicts do not wait for this: they are decided from the days of the licence. What lapses here is the formal
state, so that a person may apply anew and the journal says when.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.register.domain.licence import due_to_lapse
from services.register.domain.policy import LicencePolicy, in_force
from services.register.operations.public_entries import republish
from services.register.storage import licences, merges, policies, register_entries
from services.register.storage.merges import Group
from services.register.storage.register_entries import just_after
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.journal import Record

LAPSING = Actor.system("lapse-licences")
BATCH = 200


async def lapse(db: Database, *, now: datetime, batch: int = BATCH) -> int:
    """Lapse every licence that is past its days of grace and return how many people it concerned."""
    lapsed, after = 0, 0
    while True:
        async with db.reading() as tx:
            candidates = await licences.ended_by(tx, london_day(now), after=after, limit=batch)
        if not candidates:
            return lapsed
        after = candidates[-1][0]
        lapsed += await _lapse_batch(db, sorted({person_id for _, person_id in candidates}), now=now)


async def lapse_within(
    tx: Transaction, group: Group, *, known: Sequence[LicencePolicy], actor: Actor, now: datetime
) -> bool:
    """Lapse a person's licence if it is past its days of grace; tell whether it was.

    The caller holds the lock on the person and republishes their public entry afterwards.
    """
    held = await licences.held(tx, group.ids)
    not_closed = [licence for licence in held if licence.ended is None]
    if not not_closed:
        return False
    last = max(licence.valid_to for licence in held)
    grace = in_force(known, last).grace_days
    if not due_to_lapse(valid_to=last, grace_days=grace, today=london_day(now)):
        return False
    end_of_grace = last + timedelta(days=grace)
    standing = [
        entry
        for entry in await register_entries.held(tx, group.ids)
        if entry.on_register and entry.stands(end_of_grace + timedelta(days=1))
    ]
    record = Record(
        actor=actor,
        at=just_after(now, *not_closed, *standing),
        event="licence.lapsed",
        subject=group.number,
        facts={"valid_to": last.isoformat(), "end_of_grace": end_of_grace.isoformat()},
    )
    for licence in not_closed:
        await licences.end(tx, licence, last=licence.valid_to, why="lapsed", record=record)
    for entry in standing:
        await register_entries.close(tx, entry, last=end_of_grace, record=record)
    return True


async def _lapse_batch(db: Database, person_ids: Sequence[int], *, now: datetime) -> int:
    async with db.transaction(LAPSING) as tx:
        known = await policies.licence_policies(tx)
        groups = set(await merges.lock_groups(tx, *person_ids))
        lapsed = [
            group
            for group in sorted(groups, key=lambda each: each.kept_id)
            if await lapse_within(tx, group, known=known, actor=LAPSING, now=now)
        ]
        await republish(tx, [each for group in lapsed for each in group.ids], now=now)
    return len(lapsed)
