"""The reports about the mark over HTTP, for inspectors, funders and anybody else."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BeforeValidator

from services.kitemark.domain.awards.mark import MarkWord
from services.kitemark.operations.reports import coverage
from services.kitemark.operations.reports.coverage import CoverageBy
from services.kitemark.routes.axes import KnownAt, ValidAt, only_these_parameters, parse_day
from services.kitemark.routes.reports.rendering import Format, ReportFormat, ReportOut, answered
from shared.paging import After, Limit
from shared.web import Db, Now, guarded_router

router = guarded_router("reports")
CSV_TOO = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
EndsBy = Annotated[
    date | None,
    BeforeValidator(lambda given: None if given is None else parse_day(given)),
    Query(description="Only schools whose award ends by this day."),
]


@router.get(
    "/v1/reports/mark-coverage",
    operation_id="reportMarkCoverage",
    response_model=ReportOut,
    responses=CSV_TOO,  # type: ignore[arg-type]
)
async def report_mark_coverage(
    request: Request,
    db: Db,
    now: Now,
    by: Annotated[CoverageBy, Query(description="What schools are counted by.")] = CoverageBy.REGION,
    form: Format = ReportFormat.JSON,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> Response:
    """Count the schools that are open on a day by what they hold: the baseline for every later count."""
    only_these_parameters(request, "by", "format", "valid_at", "known_at")
    table, axes = await coverage.coverage(db, by=by, valid_at=valid_at, known_at=known_at, now=now)
    return answered(request, ReportOut.of(table, axes), form, known_at=known_at)


@router.get(
    "/v1/reports/schools-by-mark",
    operation_id="reportSchoolsByMark",
    response_model=ReportOut,
    responses=CSV_TOO,  # type: ignore[arg-type]
)
async def report_schools_by_mark(
    request: Request,
    db: Db,
    now: Now,
    mark: Annotated[MarkWord, Query(description="Such as committed, or none for schools without an award.")],
    ends_by: EndsBy = None,
    form: Format = ReportFormat.JSON,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """List the schools with a mark on a day: committed ones for funders, those that soon end, those without.

    As CSV the whole list comes at once.
    """
    only_these_parameters(request, "mark", "ends_by", "format", "valid_at", "known_at", "limit", "after")
    table, axes = await coverage.schools(
        db,
        mark=mark,
        ends_by=ends_by,
        valid_at=valid_at,
        known_at=known_at,
        after=after,
        limit=None if form is ReportFormat.CSV else limit,
        now=now,
    )
    return answered(request, ReportOut.of(table, axes), form, known_at=known_at)
