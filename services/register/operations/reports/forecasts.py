"""Forecasts of an entry policy: who falls below it, counted for everybody, named to their association."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.register.domain.policy import EntryPolicy, parse_entry_policy
from services.register.domain.reports.forecast import Forecast, forecast, readiness
from services.register.domain.reports.policy import policy_on
from services.register.domain.reports.suppression import without_total
from services.register.operations.member_records import own_association
from services.register.operations.reports.reports import Kind, Report, ReportRow
from services.register.operations.verdicts import Axes
from services.register.storage import policies, reference
from services.register.storage.reports import licence_holders
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import NotFound
from shared.paging import Page, page_of, place_of

AT_ONCE = 1_000
UNKNOWN = "unknown"
NONE = "none"

LEVEL = Kind(
    title="Licences by what a version of the conditions of entry makes of them",
    columns=("association", "home_country", "qualification", "outcome", "year", "lacks"),
    statement="",
    shown=without_total,
)
CHARTERED = Kind(
    title="Licence holders by how near they are to what a version of the conditions of entry asks",
    columns=("association", "home_country", "readiness"),
    statement="",
    shown=without_total,
)


class NoSuchEntryPolicy(NotFound):
    """There is no version {version} of the conditions of entry: GET /v1/entry-policies lists them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Which version of the conditions of entry, and for one that is only proposed, from when as if."""

    version: str
    as_if_from: date | None = None


async def level(db: Database, asked: Asked, *, actor: Actor, now: datetime) -> Report:
    """Count the licences in force by what a policy makes of them; who is in two associations counts twice.

    The year is that in which a licence is no longer borne. Raises NoSuchEntryPolicy.
    """

    def codes(found: Forecast) -> tuple[str, ...]:
        year = str(found.falls_on.year) if found.falls_on else NONE
        return found.qualification, found.outcome.value, year, "+".join(found.lacks) or NONE

    return await _counted(db, "level-forecast", LEVEL, codes, asked, actor=actor, now=now)


async def chartered(db: Database, asked: Asked, *, actor: Actor, now: datetime) -> Report:
    """Count the licence holders by how near they are to what a policy asks. Raises NoSuchEntryPolicy."""
    return await _counted(
        db,
        "chartered-readiness",
        CHARTERED,
        lambda found: (readiness(found).value,),
        asked,
        actor=actor,
        now=now,
    )


async def members(
    db: Database, asked: Asked, *, actor: Actor, after: str | None, limit: int, now: datetime
) -> Page[Forecast]:
    """Return what a policy makes of the licences of the caller's own members, with what each lacks.

    Raises NoSuchEntryPolicy.
    """
    association = own_association(actor)
    (last,) = place_of(after, int) or (0,)
    today = london_day(now)
    async with db.reading() as tx:
        policy, known = await _policy(tx, asked, today=today)
        rows = await licence_holders.page(tx, day=today, after=last, limit=limit + 1, association=association)
    page = page_of(rows, limit=limit, place=lambda row: (row[0],))
    return Page([forecast(holder, policy, known, today=today) for _, holder in page.items], page.next)


async def _counted(
    db: Database,
    name: str,
    kind: Kind,
    codes: Callable[[Forecast], tuple[str, ...]],
    asked: Asked,
    *,
    actor: Actor,
    now: datetime,
) -> Report:
    axes = Axes.chosen(valid_at=None, known_at=None, now=now)
    counts: Counter[tuple[str, ...]] = Counter()
    async with db.reading() as tx:
        policy, known = await _policy(tx, asked, today=axes.valid_at)
        shown_by = policy_on(await reference.bodies(tx, "report_policies"), axes.valid_at)
        async for found in _everybody(tx, policy, known, today=axes.valid_at):
            place = found.holder.home_country or UNKNOWN
            for association in found.holder.associations or (NONE,):
                counts[association, place, *codes(found)] += 1
    exact = actor.may("register:decide")
    own = actor.association if actor.may("members:write") else None
    rows = []
    for key, count in sorted(counts.items()):
        hidden = not exact and key[0] != own and count < shown_by.smallest_shown
        rows.append(ReportRow(codes=key, count=None if hidden else count))
    return Report(name=name, kind=kind, rows=tuple(rows), policy=shown_by, exact=exact, axes=axes)


async def _everybody(
    tx: Transaction, policy: EntryPolicy, known: Sequence[EntryPolicy], *, today: date
) -> AsyncIterator[Forecast]:
    after = 0
    while rows := await licence_holders.page(tx, day=today, after=after, limit=AT_ONCE):
        for _, holder in rows:
            yield forecast(holder, policy, known, today=today)
        after = rows[-1][0]


async def _policy(tx: Transaction, asked: Asked, *, today: date) -> tuple[EntryPolicy, Sequence[EntryPolicy]]:
    """Return the version that is asked about; one that is only proposed is judged as if it began on a day."""
    known = await policies.entry_policies(tx)
    for each in known:
        if each.version == asked.version:
            return each, known
    for entry in await reference.bodies(tx, "entry_policies"):
        if entry["code"] == asked.version:
            begins = (asked.as_if_from or today).isoformat()
            return parse_entry_policy(entry["policy"] | {"effective_from": begins}), known
    raise NoSuchEntryPolicy(version=asked.version)
