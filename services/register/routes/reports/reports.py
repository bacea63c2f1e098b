"""Reports and open data over HTTP, as JSON or CSV."""

import csv
import hashlib
import io
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.register.operations.reports import reports
from services.register.operations.reports.reports import KINDS, Report
from services.register.routes.axes import KnownAt, ValidAt, only_these_parameters
from shared.web import Db, Now, Who, guarded_router

router = guarded_router("reports")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ReportFormat(StrEnum):
    """How a report is written."""

    JSON = "json"
    CSV = "csv"


class ReportRowOut(BaseModel):
    """The codes that are counted by, in the order of the columns; a suppressed count is null."""

    codes: list[str]
    count: int | None
    suppressed: bool


class ReportOut(BaseModel):
    """A report. Counts from 1 to below `smallest_shown` are suppressed, and more where they would betray one;
    it is null where all counts are exact."""

    report: str
    title: str
    policy: str
    smallest_shown: int | None
    valid_at: date
    known_at: datetime
    notes: list[str]
    columns: list[str]
    rows: list[ReportRowOut]

    @classmethod
    def of(cls, report: Report) -> "ReportOut":
        """Return the report as it is shown."""
        return cls(
            report=report.name,
            title=report.kind.title,
            policy=report.policy.version,
            smallest_shown=None if report.exact else report.policy.smallest_shown,
            valid_at=report.axes.valid_at,
            known_at=report.axes.said_at,
            notes=list(report.axes.notes),
            columns=list(report.kind.columns),
            rows=[
                ReportRowOut(codes=list(row.codes), count=row.count, suppressed=row.count is None)
                for row in report.rows
            ],
        )


def _as_csv(report: ReportOut) -> str:
    """Write a report as CSV; a suppressed count is empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*report.columns, "count", "suppressed", "valid_at"])
    for row in report.rows:
        written = "yes" if row.suppressed else "no"
        writer.writerow([*row.codes, row.count, written, report.valid_at.isoformat()])
    return out.getvalue()


def answer(request: Request, shown: ReportOut, form: ReportFormat, *, public: bool, asked: Any) -> Response:
    """Answer with an ETag that stays while the counts do, though the instant of the answer moves on."""
    same = shown.model_copy(update={"known_at": asked or EPOCH}).model_dump_json()
    tag = f'"{hashlib.sha256(f"{form.value}{same}".encode()).hexdigest()[:24]}"'
    cache = "public, max-age=300" if public else "private, max-age=0, must-revalidate"
    headers = {"ETag": tag, "Cache-Control": cache, "Vary": "Authorization"}
    if tag in (part.strip() for part in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    if form is ReportFormat.CSV:
        return Response(_as_csv(shown), media_type="text/csv; charset=utf-8", headers=headers)
    return Response(shown.model_dump_json(), media_type="application/json", headers=headers)


def _reading(name: str) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def read_report(
        request: Request,
        db: Db,
        who: Who,
        now: Now,
        form: Annotated[ReportFormat, Query(alias="format", description="json or csv.")] = ReportFormat.JSON,
        valid_at: ValidAt = None,
        known_at: KnownAt = None,
    ) -> Response:
        only_these_parameters(request, "format", "valid_at", "known_at")
        report = await reports.read(db, name=name, valid_at=valid_at, known_at=known_at, actor=who, now=now)
        public = who.is_anonymous
        return answer(request, ReportOut.of(report), form, public=public, asked=known_at)

    return read_report


for _name, _kind in KINDS.items():
    router.add_api_route(
        f"/v1/reports/{_name}",
        _reading(_name),
        methods=["GET"],
        operation_id="report" + "".join(part.title() for part in _name.split("-")),
        response_model=ReportOut,
        responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
        description=f"{_kind.title}, as of a day. Small counts are suppressed but for a registrar.",
    )
