"""The sample of a development machine: entries, a return and a deferral of the register's sample people.

It is made once, when the register's people have been heard of, so that every standing can be looked at.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.cpd.domain.entry import Entry, EntryStatus
from services.cpd.domain.pause import Decision, PauseKind, PauseReason
from services.cpd.domain.policy import Obligation
from services.cpd.domain.standing import Word
from services.cpd.operations import commitments, entries, pauses, returns, standings
from services.cpd.operations.audit import sample as audit
from services.cpd.operations.catalogue import sample as catalogue
from services.cpd.operations.credits import sample as credits
from services.cpd.operations.returns import Declared
from services.cpd.operations.standings import Axes, SeenStanding
from services.cpd.storage import entries as log
from services.cpd.storage import members
from services.cpd.storage.constraints import AlreadyCommitted
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database
from shared.idempotency import WithoutKey

ASSOCIATION = "ICG"
LAST = "SAMPLE-LAST"
SYSTEM = Actor(
    subject="sample-icg", client_id="sample", scopes=frozenset({"cpd:write"}), association=ASSOCIATION
)
AUDITOR = Actor(subject="sample-auditor", client_id="sample", scopes=frozenset({"cpd:audit"}))
MOST_PEOPLE = 200
MET = (
    ("Labour market information for the region", "lmi", 40, 16),
    ("Mentoring a new colleague", None, 20, 10),
)
BEGUN = (("A day at a local engineering firm", "stem", 30, 6),)


async def load_sample(db: Database, *, now: datetime) -> None:
    """Give the first people of each kind their sample; a sample that is there is left alone."""
    if await _is_there(db):
        return
    people = await _people(db, now=now)
    compulsory = [each for each in people if _is_waiting(each, Obligation.COMPULSORY)]
    declaring = [each for each in people if _is_waiting(each, Obligation.SELF_DECLARED)]
    if len(compulsory) < 3 or not declaring:
        return
    await audit.load_sample(db, association=ASSOCIATION, now=now)
    await catalogue.load_sample(db, now=now)
    met, begun, deferred = (each.number for each in compulsory[:3])
    # What was done is done again without harm; what could not be comes last, with the entry that ends it.
    await credits.load_sample(db, number=met, now=now)
    await _commit(db, met, now=now)
    await _log(db, begun, BEGUN, "SAMPLE-BEGUN", now=now)
    await _declare(db, declaring[0].number, now=now)
    await _log(db, met, MET, "SAMPLE-MET", now=now)
    await _plan(db, begun, now=now)
    await _defer(db, deferred, now=now)


async def _is_there(db: Database) -> bool:
    async with db.reading() as tx:
        return await log.find(tx, ASSOCIATION, LAST) is not None


async def _people(db: Database, *, now: datetime) -> Sequence[SeenStanding]:
    """Return where the association's members stand, in the order in which the register told of them."""
    async with db.reading() as tx:
        numbers = await members.in_order(tx, ASSOCIATION, limit=MOST_PEOPLE)
    found = await standings.batch(db, numbers=numbers, axes=Axes(), actor=SYSTEM, now=now)
    return [each for each in found if isinstance(each, SeenStanding)]


def _is_waiting(seen: SeenStanding, obligation: Obligation) -> bool:
    deciding = seen.standing.deciding
    policy = deciding.policy if deciding else None
    return seen.standing.word is Word.ON_TRACK and policy is not None and policy.obligation is obligation


async def _log(
    db: Database, number: str, told: Sequence[tuple[str, str | None, int, int]], name: str, *, now: datetime
) -> None:
    for place, (title, specialism, days_ago, hours) in enumerate(told):
        entry = _entry(number, title, london_day(now) - timedelta(days=days_ago), hours, specialism)
        await entries.upsert(
            db, association=ASSOCIATION, entry_id=f"{name}-{place}", entry=entry, actor=SYSTEM, now=now
        )


async def _plan(db: Database, number: str, *, now: datetime) -> None:
    """Write the last entry of the sample: a plan, which counts for nothing yet."""
    day = london_day(now) + timedelta(days=14)
    planned = _entry(number, "A conference", day, 7, None, status=EntryStatus.PLANNED)
    await entries.upsert(db, association=ASSOCIATION, entry_id=LAST, entry=planned, actor=SYSTEM, now=now)


async def _commit(db: Database, number: str, *, now: datetime) -> None:
    with suppress(AlreadyCommitted):
        await commitments.declare(
            db,
            WithoutKey(),
            number=number,
            wording_version="commitment-1",
            committed_on=london_day(now),
            actor=SYSTEM,
            now=now,
        )


async def _defer(db: Database, number: str, *, now: datetime) -> None:
    today = london_day(now)
    decision = Decision(
        kind=PauseKind.DEFERRAL,
        reason=PauseReason.FAMILY_LEAVE,
        note="Sample: there is no case behind this.",
        valid_from=today,
        valid_to=today + timedelta(days=180),
    )
    await pauses.decide(db, WithoutKey(), number=number, decision=decision, actor=AUDITOR, now=now)


async def _declare(db: Database, number: str, *, now: datetime) -> None:
    declared = Declared(number=number, day=None, hours=Decimal(12), nature="Two courses, and reading.")
    await returns.declare(db, WithoutKey(), declared=declared, actor=SYSTEM, now=now)


def _entry(
    number: str,
    title: str,
    day: date,
    hours: int,
    specialism: str | None,
    *,
    status: EntryStatus = EntryStatus.DONE,
) -> Entry:
    return Entry(
        number=number,
        status=status,
        title=f"{title} (sample)",
        kind="formal",
        started_on=day,
        done_on=day,
        hours=Decimal(hours),
        approaches=("course",),
        outcomes=("Sample: what was learnt.",),
        standards=("NOS02",),
        specialisms=() if specialism is None else (specialism,),
        reflection="Sample: what it changed in practice.",
    )
