"""How a report is answered: as JSON or CSV, with an ETag that stays while its rows do."""

import hashlib
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.kitemark.domain.reports.table import Table, as_csv
from services.kitemark.operations.providers.axes import Axes

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ReportFormat(StrEnum):
    """How a report is written."""

    JSON = "json"
    CSV = "csv"


Format = Annotated[ReportFormat, Query(alias="format", description="json or csv.")]


class ReportOut(BaseModel):
    """A report as of a day. Cells stand in the order of the columns; null is suppressed or not known."""

    report: str
    title: str
    valid_at: date
    known_at: datetime
    notes: list[str]
    columns: list[str]
    rows: list[list[str | int | None]]
    next: str | None

    @classmethod
    def of(cls, table: Table, axes: Axes) -> "ReportOut":
        """Return the report as it is shown."""
        return cls(
            report=table.name,
            title=table.title,
            valid_at=axes.valid_at,
            known_at=axes.said_at,
            notes=[*table.notes, *axes.notes],
            columns=list(table.columns),
            rows=[list(row) for row in table.rows],
            next=table.next,
        )


def answered(
    request: Request, shown: ReportOut, form: ReportFormat, *, known_at: datetime | None
) -> Response:
    """Answer with a report; its ETag stays while the rows do, though the instant of the answer moves on."""
    same = shown.model_copy(update={"known_at": known_at or EPOCH}).model_dump_json()
    tag = f'"{hashlib.sha256(f"{form.value}{same}".encode()).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=0, must-revalidate", "Vary": "Authorization"}
    if shown.next is not None:
        url = request.url.include_query_params(after=shown.next)
        headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
    if tag in (part.strip() for part in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    if form is ReportFormat.CSV:
        text = as_csv(
            [*shown.columns, "valid_at"], [[*row, shown.valid_at.isoformat()] for row in shown.rows]
        )
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
    return Response(shown.model_dump_json(), media_type="application/json", headers=headers)
