"""Forgetting what has outlived its class of record."""

from datetime import datetime, timedelta

from services.register.operations.rights import policies
from services.register.storage.rights import records
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database
from shared.journal import Record

FORGETTER = Actor.system("retention")


async def apply(db: Database, *, now: datetime, rehearsing: bool = False) -> dict[str, int]:
    """Delete what is kept for longer than the policy in force says; return how much of each class.

    Each class is one transaction with one line. ``rehearsing`` counts and changes nothing.
    """
    async with db.reading() as tx:
        policy = await policies.retention(tx, london_day(now))
        forgettable = await records.forgettable(tx)
    found = {}
    for record_class, kept in sorted(policy.classes.items()):
        if record_class not in forgettable or kept.days is None:
            continue
        before = now - timedelta(days=kept.days)

        def record(count: int, record_class: str = record_class) -> Record:
            facts = {"records": count, "policy_version": policy.version}
            subject = f"retention:{record_class}"
            return Record(actor=FORGETTER, at=now, event="retention.applied", subject=subject, facts=facts)

        async with db.transaction(FORGETTER) as tx:
            found[record_class] = (
                await records.count_outlived(tx, record_class, before=before)
                if rehearsing
                else await records.forget(tx, record_class, before=before, record=record)
            )
    return found
