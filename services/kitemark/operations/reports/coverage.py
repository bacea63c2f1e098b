"""How far the mark has come: schools counted by place or kind and what they hold, and listed."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from datetime import date, datetime
from enum import StrEnum

from services.kitemark.domain.awards.mark import MarkWord
from services.kitemark.domain.reports.table import Table
from services.kitemark.operations.awards import marks
from services.kitemark.operations.awards.marks import SeenMark
from services.kitemark.operations.providers.axes import Axes
from services.kitemark.storage.establishments import establishments
from services.kitemark.storage.establishments.establishments import Placed
from shared.database import Database
from shared.paging import cursor_of, place_of

AT_ONCE = 10_000
UNKNOWN = "unknown"
NOTE = "Schools are those that the national register, as it was last loaded, has open on the day."


class CoverageBy(StrEnum):
    """What schools are counted by."""

    REGION = "region"
    PHASE = "phase"
    TYPE = "type"
    AUTHORITY = "la_code"


async def coverage(
    db: Database, *, by: CoverageBy, valid_at: date | None, known_at: datetime | None, now: datetime
) -> tuple[Table, Axes]:
    """Count the schools that are open on a day by what they hold; nobody's small count is hidden.

    Who holds an award is public of every school, so that a count betrays nothing.
    """
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    counts: defaultdict[str, Counter[MarkWord]] = defaultdict(Counter)
    async for placed, seen in _everywhere(db, axes, by=by, now=now):
        counts[placed.group or UNKNOWN][seen.mark.word] += 1
    table = Table(
        name="mark-coverage",
        title="Schools by what they hold on the day",
        columns=(by.value, *(word.value for word in MarkWord), "schools"),
        rows=tuple(
            (group, *(counts[group][word] for word in MarkWord), counts[group].total())
            for group in sorted(counts)
        ),
        notes=(NOTE,),
    )
    return table, axes


async def schools(
    db: Database,
    *,
    mark: MarkWord,
    ends_by: date | None,
    valid_at: date | None,
    known_at: datetime | None,
    after: str | None,
    limit: int | None,
    now: datetime,
) -> tuple[Table, Axes]:
    """List the schools with a mark on a day, or those of them whose award ends by a day; by number."""
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    (last,) = place_of(after, str) or ("",)
    rows: list[tuple[str, ...]] = []
    async for placed, seen in _everywhere(db, axes, by=CoverageBy.AUTHORITY, after=last, now=now):
        award = seen.mark.deciding.award if seen.mark.deciding else None
        ends = award.valid_to if award else None
        if seen.mark.word is not mark or (ends_by is not None and (ends is None or ends > ends_by)):
            continue
        if limit is not None and len(rows) == limit:
            rows.append(rows[-1])
            break
        scheme, to = (award.scheme, award.valid_to.isoformat()) if award else ("", "")
        rows.append((placed.number, placed.name, placed.group or UNKNOWN, scheme, to))
    more = limit is not None and len(rows) > limit
    shown = rows[:limit] if more else rows
    table = Table(
        name="schools-by-mark",
        title=f"Schools with the mark {mark.value} on the day",
        columns=("school", "name", "la_code", "scheme", "award_valid_to"),
        rows=tuple(shown),
        notes=(NOTE,),
        next=cursor_of(shown[-1][0]) if more else None,
    )
    return table, axes


async def _everywhere(
    db: Database, axes: Axes, *, by: CoverageBy, now: datetime, after: str = ""
) -> AsyncIterator[tuple[Placed, SeenMark]]:
    """Give every school that is open on the day with its mark, by number."""
    asked = marks.Axes(valid_at=axes.valid_at, known_at=axes.known_at)
    while True:
        async with db.reading() as tx:
            found = await establishments.open_on(
                tx, axes.valid_at, group_by=by.value, after=after, limit=AT_ONCE
            )
        if not found:
            return
        seen = await marks.many(db, schools=[each.number for each in found], axes=asked, now=now)
        for each in zip(found, seen, strict=True):
            yield each
        after = found[-1].number
