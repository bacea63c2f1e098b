"""What audits found over HTTP, as JSON or CSV; small counts are suppressed but for those who audit."""

import csv
import io
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.cpd.operations.audit import reports
from services.cpd.operations.audit.reports import Report
from services.cpd.routes.axes import only_these_parameters
from shared.web import Db, Now, Who, guarded_router, with_etag

router = guarded_router("audit reports")
AS_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


class ReportFormat(StrEnum):
    """How a report is written."""

    JSON = "json"
    CSV = "csv"


Format = Annotated[ReportFormat, Query(alias="format", description="json or csv.")]


class ReportLineOut(BaseModel):
    """Codes and counts in the order of the columns; suppressed counts are null."""

    codes: list[int | str]
    counts: list[int | None]


class AuditReportOut(BaseModel):
    """A report. Where a count of a line is below `least_count` and not nought, none of the line is shown."""

    report: str
    codes: list[str]
    counts: list[str]
    least_count: int | None
    lines: list[ReportLineOut]

    @classmethod
    def of(cls, report: Report) -> "AuditReportOut":
        """Return the report as it is shown."""
        return cls(
            report=report.name,
            codes=list(report.codes),
            counts=list(report.counts),
            least_count=report.least_count,
            lines=[ReportLineOut(codes=list(codes), counts=list(counts)) for codes, counts in report.lines],
        )


@router.get(
    "/v1/reports/audit-outcomes",
    operation_id="reportAuditOutcomes",
    response_model=AuditReportOut,
    responses=AS_CSV,
)
async def report_audit_outcomes(
    request: Request, db: Db, who: Who, now: Now, form: Format = ReportFormat.JSON
) -> Response:
    """Count by year and association how what was drawn at random ended."""
    only_these_parameters(request, "format")
    return _written(request, await reports.outcomes_by_year(db, actor=who, now=now), form)


@router.get(
    "/v1/reports/audit-agreement",
    operation_id="reportAuditAgreement",
    response_model=AuditReportOut,
    responses=AS_CSV,
)
async def report_audit_agreement(
    request: Request, db: Db, who: Who, now: Now, form: Format = ReportFormat.JSON
) -> Response:
    """Count by year how often a second assessor was asked about a refusal and agreed with the first."""
    only_these_parameters(request, "format")
    return _written(request, await reports.agreement(db, actor=who, now=now), form)


def _written(request: Request, report: Report, form: ReportFormat) -> Response:
    if form is ReportFormat.JSON:
        return with_etag(request, AuditReportOut.of(report))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*report.codes, *report.counts])
    writer.writerows([*codes, *counts] for codes, counts in report.lines)
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8")
