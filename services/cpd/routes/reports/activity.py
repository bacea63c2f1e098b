"""The scale and nature of CPD over HTTP, as JSON or CSV."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.cpd.domain.reports.activity import Dimension
from services.cpd.operations.reports import activity
from services.cpd.operations.reports.activity import ActivityReport, ParticipationReport
from services.cpd.operations.standings import Axes
from services.cpd.routes.audit.reports import AS_CSV, Format, ReportFormat
from services.cpd.routes.axes import KnownAt, ValidAt, only_these_parameters
from shared.web import Db, Now, Who, guarded_router

router = guarded_router("reports")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Cell = str | float | None

NOTES = (
    "What two associations tell of one activity is counted in the log of each.",
    "An entry with several codes counts under each of them; one without any is “unknown”.",
    "There is no region of people: the register tells CPD who is a member of what, and not where they live.",
)


class CountsOut(BaseModel):
    """What is counted in the days from `first` to `last`.

    `least_count` is null where every count is exact. Else a line of fewer people is not shown, nor others
    where a total would betray it, and hours are rounded.
    """

    report: str
    first: date
    last: date
    known_at: datetime
    least_count: int | None
    notes: list[str]


class ActivityLineOut(BaseModel):
    """What was done under one code; null is suppressed."""

    code: str
    people: int | None
    entries: int | None
    hours: float | None


class ActivityReportOut(CountsOut):
    """People, entries and hours by a dimension."""

    by: Dimension
    lines: list[ActivityLineOut]

    @classmethod
    def of(cls, report: ActivityReport) -> "ActivityReportOut":
        """Return the report as it is shown."""
        return cls(
            report="scale-and-nature",
            by=report.by,
            first=report.period.first,
            last=report.period.last,
            known_at=report.period.known_at,
            least_count=report.least_count,
            notes=list(NOTES),
            lines=[
                ActivityLineOut(
                    code=each.code,
                    people=each.people,
                    entries=each.entries,
                    hours=None if each.hours is None else float(each.hours),
                )
                for each in report.lines
            ],
        )


class ParticipationLineOut(BaseModel):
    """The members of an association at a level on the last day, and who of them did something; null is
    suppressed."""

    association: str
    level: str
    members: int | None
    taking_part: int | None


class ParticipationReportOut(CountsOut):
    """Who takes part, by association and level."""

    lines: list[ParticipationLineOut]

    @classmethod
    def of(cls, report: ParticipationReport) -> "ParticipationReportOut":
        """Return the report as it is shown."""
        return cls(
            report="participation",
            first=report.period.first,
            last=report.period.last,
            known_at=report.period.known_at,
            least_count=report.least_count,
            notes=["Somebody takes part whose association told of an entry that is done."],
            lines=[
                ParticipationLineOut(
                    association=each.association,
                    level=each.level,
                    members=each.members,
                    taking_part=each.taking_part,
                )
                for each in report.lines
            ],
        )


@router.get(
    "/v1/reports/scale-and-nature",
    operation_id="reportScaleAndNature",
    response_model=ActivityReportOut,
    responses=AS_CSV,
)
async def report_scale_and_nature(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    by: Annotated[Dimension, Query(description="What is counted by.")] = Dimension.ASSOCIATION,
    own: Annotated[bool, Query(description="Only one's own association's log, exactly.")] = False,
    form: Format = ReportFormat.JSON,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> Response:
    """Count people, entries and hours of CPD done in the twelve months to a day."""
    only_these_parameters(request, "by", "own", "format", "valid_at", "known_at")
    axes = Axes(valid_at=valid_at, known_at=known_at)
    report = await activity.scale_and_nature(db, by=by, own=own, axes=axes, actor=who, now=now)
    shown = ActivityReportOut.of(report)
    columns = (by.value, "people", "entries", "hours")
    rows = ((each.code, each.people, each.entries, each.hours) for each in shown.lines)
    return _answered(request, shown, form, columns=columns, rows=rows, asked=known_at)


@router.get(
    "/v1/reports/participation",
    operation_id="reportParticipation",
    response_model=ParticipationReportOut,
    responses=AS_CSV,
)
async def report_participation(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    form: Format = ReportFormat.JSON,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> Response:
    """Count members and those who did something in the twelve months to a day, by association and level."""
    only_these_parameters(request, "format", "valid_at", "known_at")
    axes = Axes(valid_at=valid_at, known_at=known_at)
    shown = ParticipationReportOut.of(await activity.participation(db, axes=axes, actor=who, now=now))
    columns = ("association", "level", "members", "taking_part")
    rows = ((each.association, each.level, each.members, each.taking_part) for each in shown.lines)
    return _answered(request, shown, form, columns=columns, rows=rows, asked=known_at)


def _answered(
    request: Request,
    shown: CountsOut,
    form: ReportFormat,
    *,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    asked: datetime | None,
) -> Response:
    """Answer with an ETag that stays while the counts do, though the instant of the answer moves on."""
    same = shown.model_copy(update={"known_at": asked or EPOCH}).model_dump_json()
    tag = f'"{hashlib.sha256(f"{form.value}{same}".encode()).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=0, must-revalidate", "Vary": "Authorization"}
    if tag in (part.strip() for part in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    if form is ReportFormat.JSON:
        return Response(shown.model_dump_json(), media_type="application/json", headers=headers)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*columns, "first", "last"])
    writer.writerows([*row, shown.first, shown.last] for row in rows)
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
