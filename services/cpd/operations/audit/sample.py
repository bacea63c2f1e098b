"""The sample of the audit: one that is announced, and two who assess."""

from datetime import datetime, timedelta

from services.cpd.operations.audit import assessors, audits
from services.cpd.operations.audit.audits import AUDIT, Announcement
from shared.actor import Actor
from shared.database import Database
from shared.draw import SeedKind, SeedSource
from shared.idempotency import WithoutKey

AUDITOR = Actor(subject="sample-auditor", client_id="sample", scopes=frozenset({AUDIT}))
ASSESSORS = ("sample-auditor-two", "sample-auditor-three")


async def load_sample(db: Database, *, association: str, now: datetime) -> None:
    """Name the assessors and announce an audit of one association; what is there is left alone."""
    known = {each.subject for each in await assessors.every(db, actor=AUDITOR)}
    for subject in ASSESSORS:
        if subject not in known:
            await assessors.name(
                db, WithoutKey(), subject=subject, association=None, number=None, actor=AUDITOR, now=now
            )
    if (await audits.page(db, after=None, limit=1)).items:
        return
    source = SeedSource(
        kind=SeedKind.DICE,
        where="Sample: twenty dice, before witnesses",
        expected_at=now + timedelta(days=30),
    )
    announced = Announcement(title="Sample: the yearly audit", source=source, strata=[(association, None)])
    await audits.announce(db, WithoutKey(), announced=announced, actor=AUDITOR, now=now)
