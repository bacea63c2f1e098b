"""The report about providers over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.kitemark.domain.providers.access import PANEL
from services.kitemark.domain.providers.compliance import Answer
from services.kitemark.operations.reports import providers
from services.kitemark.routes.axes import KnownAt, ValidAt, only_these_parameters
from services.kitemark.routes.reports.rendering import Format, ReportFormat, ReportOut, answered
from shared.paging import After, Limit
from shared.web import Db, Now, Who, guarded_router, needs

router = guarded_router("reports")


@router.get(
    "/v1/reports/provider-compliance",
    operation_id="reportProviderCompliance",
    response_model=ReportOut,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    openapi_extra=needs(PANEL),
)
async def report_provider_compliance(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    form: Format = ReportFormat.JSON,
    answer: Annotated[Answer | None, Query(description="Only providers with this answer.")] = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Report who lacks what is asked of it, as of a day; as CSV the whole list at once."""
    only_these_parameters(request, "format", "answer", "valid_at", "known_at", "limit", "after")
    table, axes = await providers.compliance(
        db,
        answer=answer,
        valid_at=valid_at,
        known_at=known_at,
        after=after,
        limit=None if form is ReportFormat.CSV else limit,
        actor=who,
        now=now,
    )
    return answered(request, ReportOut.of(table, axes), form, known_at=known_at)
