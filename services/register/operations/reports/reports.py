"""Reports as of any day: exact for a registrar and an association's own rows, else without small counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from types import MappingProxyType

from services.register.domain.reports.policy import ReportPolicy, policy_on
from services.register.domain.reports.suppression import Shown, together, with_total, without_total
from services.register.operations.verdicts import Axes
from services.register.storage import reference
from services.register.storage.reports import counts
from services.register.storage.reports.counts import Counted
from shared.actor import Actor
from shared.database import Database

TOTAL = "total"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A report: its columns, how it is counted, and how the counts of one line are shown to the public.

    A line is what has the same code in the first column.
    """

    title: str
    columns: tuple[str, ...]
    statement: str
    shown: Callable[..., Shown]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "qualification-map": Kind(
            title="Members by association and authenticated qualification",
            columns=("association", "framework", "level", "qualification"),
            statement=counts.QUALIFICATIONS,
            shown=with_total,
        ),
        "licences-by-month": Kind(
            title="Licences issued and ended in each of the last 24 months",
            columns=("month", "measure"),
            statement=counts.LICENCES,
            shown=together,
        ),
        "sanctions-by-month": Kind(
            title="Sanctions imposed in each of the last 24 months",
            columns=("month", "kind"),
            statement=counts.SANCTIONS,
            shown=without_total,
        ),
        "membership-overlaps": Kind(
            title="People who are members of two associations",
            columns=("association", "other_association"),
            statement=counts.OVERLAPS,
            shown=without_total,
        ),
        "register-in-numbers": Kind(
            title="The register in numbers",
            columns=("measure", "of"),
            statement=counts.NUMBERS,
            shown=without_total,
        ),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRow:
    """The codes that are counted by, and the count; None is suppressed."""

    codes: tuple[str, ...]
    count: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A report as one caller sees it; ``exact`` says that nothing was suppressed for them."""

    name: str
    kind: Kind
    rows: tuple[ReportRow, ...]
    policy: ReportPolicy
    exact: bool
    axes: Axes


async def read(
    db: Database,
    *,
    name: str,
    valid_at: date | None,
    known_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> Report:
    """Return a report as of a day, as it was known at an instant."""
    kind = KINDS[name]
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    async with db.reading() as tx:
        policy = policy_on(await reference.bodies(tx, "report_policies"), axes.valid_at)
        found = await counts.counted(tx, kind.statement, day=axes.valid_at, known_at=axes.known_at)
    exact = actor.may("register:decide")
    own = actor.association if actor.may("members:write") else None
    rows: list[ReportRow] = []
    for _, line in groupby(found, key=lambda each: each.codes[0]):
        rows += _line(kind, list(line), smallest=0 if exact else policy.smallest_shown, own=own)
    return Report(name=name, kind=kind, rows=tuple(rows), policy=policy, exact=exact, axes=axes)


def _line(kind: Kind, line: Sequence[Counted], *, smallest: int, own: str | None) -> list[ReportRow]:
    """Return the rows of one line, and its total where the report has totals."""
    totals = kind.shown is with_total
    if totals and line[0].codes[0] == own:
        smallest = 0
    shown = kind.shown([each.count for each in line], smallest=smallest)
    rows = [
        ReportRow(codes=each.codes, count=each.count if own in each.codes else count)
        for each, count in zip(line, shown.counts or (), strict=shown.counts is not None)
    ]
    if totals:
        codes = (line[0].codes[0], *[TOTAL] * (len(kind.columns) - 1))
        rows.append(ReportRow(codes=codes, count=shown.total))
    return rows
