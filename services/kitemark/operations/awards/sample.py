"""The sample of a development machine: six invented schemes beside the twelve, and a school for every mark.

All of it is clearly synthetic: the body, the schemes, and the schools with URNs from 999901 on.
"""

from datetime import date, datetime, timedelta
from typing import Any

from services.kitemark.domain.awards.mark import MarkWord
from services.kitemark.operations.awards import awards, standings
from services.kitemark.operations.awards.awards import Told
from services.kitemark.operations.awards.standings import NewSpan
from services.kitemark.operations.reference import add_entries
from services.kitemark.storage import reference as entries
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database
from shared.idempotency import WithoutKey

BODY = "sample-body"
FIRST = date(2015, 1, 1)
NOTE = {"ref": "S1", "note": "Invented, to make up the eighteen schemes that the source counts."}
PANEL = Actor.system("sample")
SYSTEM = Actor(
    subject="sample-body-system", client_id="sample", scopes=frozenset({"awards:write"}), body=BODY
)
LADDER = (
    ("commitment", "Commitment", "committed"),
    ("progress", "Good progress", "progressing"),
    ("full", "Full award", "fully_meets"),
)
COUNT = 6
FULL, PROGRESS, COMMITMENT, ENDED, WITHDRAWN, UNKNOWN, NONE = (f"9999{place:02}" for place in range(1, 8))
SCHOOLS = {
    MarkWord.FULLY_MEETS: FULL,
    MarkWord.PROGRESSING: PROGRESS,
    MarkWord.COMMITTED: COMMITMENT,
    MarkWord.EXPIRED: ENDED,
    MarkWord.WITHDRAWN: WITHDRAWN,
    MarkWord.NONE: NONE,
    MarkWord.UNKNOWN: UNKNOWN,
}
"""A URN for every mark that a school may be found to hold."""


async def load_sample(db: Database, *, now: datetime) -> None:
    """Make the sample where it is not there; what is there is left alone."""
    async with db.reading() as tx:
        if await entries.find(tx, "bodies", BODY) is not None:
            return
    await _describe(db, now=now)
    await _stand(db, now=now)
    today = london_day(now)
    recent, old = today - timedelta(days=200), today - timedelta(days=4 * 366)
    for school, stage, scheme, first in (
        (FULL, "full", "SAMPLE-1", recent),
        (PROGRESS, "progress", "SAMPLE-1", recent),
        (COMMITMENT, "commitment", "SAMPLE-2", recent),
        (ENDED, "full", "SAMPLE-2", old),
        (WITHDRAWN, "full", "SAMPLE-1", recent),
        # Nobody has validated the last scheme, so that what its award means is not known.
        (UNKNOWN, "full", f"SAMPLE-{COUNT}", recent),
    ):
        told = Told(external_id=f"S-{school}", school=school, scheme=scheme, stage=stage, valid_from=first)
        await awards.upsert(db, body=BODY, told=told, actor=SYSTEM, now=now)
    await awards.withdraw(
        db,
        WithoutKey(),
        body=BODY,
        external_id=f"S-{WITHDRAWN}",
        day=today,
        reason="A sample of a withdrawal.",
        actor=SYSTEM,
        now=now,
    )


async def _describe(db: Database, *, now: datetime) -> None:
    body = entry(BODY, "Sample Award Body (invented)") | {"area": None}
    schemes = [
        entry(f"SAMPLE-{place}", f"Sample award {place} (invented)")
        | {
            "body": BODY,
            "owner": BODY,
            "ladder": [{"code": code, "title": title, "reach": reach} for code, title, reach in LADDER],
            "ladder_note": None,
            "validity_years": 3,
            "validity_note": None,
            "verified": False,
        }
        for place in range(1, COUNT + 1)
    ]
    async with db.transaction(PANEL) as tx:
        await add_entries(tx, "bodies", [body], actor=PANEL, now=now)
        await add_entries(tx, "schemes", schemes, actor=PANEL, now=now)


async def _stand(db: Database, *, now: datetime) -> None:
    async with db.transaction(PANEL) as tx:
        for place in range(1, COUNT + 1):
            scheme = f"SAMPLE-{place}"
            if place < COUNT:
                await standings.record_in(tx, _span(scheme, None, "validated"), actor=PANEL, now=now)
            await standings.record_in(tx, _span(scheme, BODY, "validation"), actor=PANEL, now=now)


def _span(scheme: str, body: str | None, decision: str) -> NewSpan:
    return NewSpan(
        scheme=scheme,
        body=body,
        first=FIRST,
        last=None,
        decision=decision,
        conditions=(),
        source="Invented for the sample.",
    )


def entry(code: str, title: str) -> dict[str, Any]:
    """Return an entry of the reference data that is clearly invented."""
    return {"code": code, "title": title, "effective_from": None, "effective_to": None, "source": NOTE}
