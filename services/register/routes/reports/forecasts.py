"""Forecasts of an entry policy over HTTP: counted for everybody, named to the association of the people."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import date
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel, BeforeValidator

from services.register.domain.reports.forecast import Forecast, ForecastOutcome
from services.register.operations.reports import forecasts
from services.register.operations.reports.forecasts import CHARTERED, LEVEL, Asked
from services.register.operations.reports.reports import Kind, Report
from services.register.routes.axes import only_these_parameters, parse_day
from services.register.routes.reports.reports import ReportFormat, ReportOut, answer
from shared.paging import After, Limit
from shared.web import Db, Now, Who, guarded_router, needs, page_body

router = guarded_router("reports")
Version = Annotated[
    str, Query(max_length=100, description="A version of `GET /v1/entry-policies`, in force or to come.")
]


AsIfFrom = Annotated[
    date | None,
    BeforeValidator(lambda given: None if given is None else parse_day(given)),
    Query(description="The day from which a version that is only proposed is taken to hold; else today."),
]


class ForecastOut(BaseModel):
    """What a version of the conditions of entry makes of a member's licence, and what is missing.

    `falls_on` is the first day on which the licence is no longer borne; null where it is.
    """

    number: str
    outcome: ForecastOutcome
    falls_on: date | None
    lacks: list[str]
    qualification: str
    licence_ends_on: date

    @classmethod
    def of(cls, found: Forecast) -> "ForecastOut":
        """Return the forecast as it is shown."""
        return cls(
            number=found.holder.number,
            outcome=found.outcome,
            falls_on=found.falls_on,
            lacks=list(found.lacks),
            qualification=found.qualification,
            licence_ends_on=found.holder.ends_on,
        )


class ForecastPage(BaseModel):
    """Some members, and the cursor of the next page."""

    items: list[ForecastOut]
    next: str | None


def _reading(read: Callable[..., Awaitable[Report]]) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def read_forecast(
        request: Request,
        db: Db,
        who: Who,
        now: Now,
        policy: Version,
        as_if_from: AsIfFrom = None,
        form: Annotated[ReportFormat, Query(alias="format", description="json or csv.")] = ReportFormat.JSON,
    ) -> Response:
        only_these_parameters(request, "policy", "as_if_from", "format")
        asked = Asked(version=policy, as_if_from=as_if_from)
        report = await read(db, asked, actor=who, now=now)
        return answer(request, ReportOut.of(report), form, public=who.is_anonymous, asked=None)

    return read_forecast


_REPORTS: tuple[tuple[str, str, Kind, Callable[..., Awaitable[Report]]], ...] = (
    ("level-forecast", "reportLevelForecast", LEVEL, forecasts.level),
    ("chartered-readiness", "reportCharteredReadiness", CHARTERED, forecasts.chartered),
)
for _name, _operation_id, _kind, _read in _REPORTS:
    router.add_api_route(
        f"/v1/reports/{_name}",
        _reading(_read),
        methods=["GET"],
        operation_id=_operation_id,
        response_model=ReportOut,
        responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
        description=f"{_kind.title}. Small counts are suppressed but for a registrar.",
    )


@router.get(
    "/v1/level-forecasts",
    operation_id="listLevelForecasts",
    response_model=ForecastPage,
    openapi_extra=needs("members:write"),
)
async def list_level_forecasts(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    now: Now,
    policy: Version,
    as_if_from: AsIfFrom = None,
    limit: Limit = 50,
    after: After = None,
) -> ForecastPage:
    """List what a version of the conditions of entry makes of the licences of one's own members."""
    only_these_parameters(request, "policy", "as_if_from", "limit", "after")
    asked = Asked(version=policy, as_if_from=as_if_from)
    page = await forecasts.members(db, asked, actor=who, after=after, limit=limit, now=now)
    body = ForecastPage(items=[ForecastOut.of(each) for each in page.items], next=page.next)
    shown: ForecastPage = page_body(request, response, body, next_cursor=page.next)
    return shown
