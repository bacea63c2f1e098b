"""Which providers lack what is asked of them, as of any day."""

from collections.abc import Sequence
from datetime import date, datetime

from services.kitemark.domain.providers.access import PANEL
from services.kitemark.domain.providers.compliance import Answer
from services.kitemark.domain.reports.table import Cell, Table
from services.kitemark.operations.providers.axes import Axes
from services.kitemark.operations.providers.compliances import SeenCompliance, judge
from services.kitemark.storage.providers import providers
from shared.actor import Actor
from shared.database import Database
from shared.paging import cursor_of, place_of

AT_ONCE = 500
NAME = "provider-compliance"
COLUMNS = ("ukprn", "name", "answer", "reasons", "rules")


async def compliance(
    db: Database,
    *,
    answer: Answer | None,
    valid_at: date | None,
    known_at: datetime | None,
    after: str | None,
    limit: int | None,
    actor: Actor,
    now: datetime,
) -> tuple[Table, Axes]:
    """Return providers with their answer, those with one answer or all, by UKPRN; ``limit`` None is all.

    Named are the rules that decide, since a position of the profession is not the law.
    """
    actor.require(PANEL)
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    (last,) = place_of(after, str) or ("",)
    rows: list[tuple[Cell, ...]] = []
    async with db.reading() as tx:
        while ukprns := await providers.ukprns_after(tx, last, known_at=axes.known_at, limit=AT_ONCE):
            judged = await judge(tx, ukprns, axes=axes)
            rows += [_row(seen) for seen in judged if answer in (None, seen.compliance.answer)]
            last = ukprns[-1]
            if limit is not None and len(rows) > limit:
                break
    return _table(rows, limit=limit), axes


def _table(rows: Sequence[tuple[Cell, ...]], *, limit: int | None) -> Table:
    more = limit is not None and len(rows) > limit
    shown = rows[:limit]
    return Table(
        name=NAME,
        title="Providers, and whether they have what is asked of them",
        columns=COLUMNS,
        rows=tuple(shown),
        next=cursor_of(str(shown[-1][0])) if more else None,
    )


def _row(seen: SeenCompliance) -> tuple[Cell, ...]:
    """Return a provider with its answer, and the rules that decide it."""
    found = seen.compliance
    rules = [each.rule.version for each in found.findings if each.answer is found.answer]
    return (seen.ukprn, seen.name, found.answer.value, "; ".join(found.reasons), "; ".join(rules))
