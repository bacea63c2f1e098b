"""Standings over HTTP: of one number, of many, of one's own members."""

from fastapi import Request, Response

from services.cpd.operations import standings
from services.cpd.operations.standings import Axes
from services.cpd.routes.axes import KnownAt, ValidAt, only_these_parameters
from services.cpd.routes.fields import Number
from services.cpd.routes.standing_bodies import (
    StandingBatchIn,
    StandingBatchOut,
    StandingItemOut,
    StandingOut,
    StandingPage,
)
from shared.paging import After, Limit
from shared.web import Db, Now, Who, guarded_router, needs, page_body

router = guarded_router("standing")
READERS = needs("internal", "people:read", "cpd:write", "cpd:audit", "register:decide")


@router.get(
    "/v1/standing/{number}", operation_id="getStanding", response_model=StandingOut, openapi_extra=READERS
)
async def get_standing(
    number: Number,
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> StandingOut:
    """Say where somebody stands with CPD, explained entry by entry to those who may see the entries."""
    only_these_parameters(request, "valid_at", "known_at")
    axes = Axes(valid_at=valid_at, known_at=known_at)
    return StandingOut.of(await standings.get(db, number=number, axes=axes, actor=who, now=now))


@router.get(
    "/v1/standing",
    operation_id="listStandings",
    response_model=StandingPage,
    openapi_extra=needs("cpd:write"),
)
async def list_standings(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    now: Now,
    valid_at: ValidAt = None,
    limit: Limit = 50,
    after: After = None,
) -> StandingPage:
    """List where the members of one's own association stand, by registration number."""
    axes = Axes(valid_at=valid_at)
    page = await standings.page(db, axes=axes, actor=who, after=after, limit=limit, now=now)
    body = StandingPage(items=[StandingOut.of(seen) for seen in page.items], next=page.next)
    shown: StandingPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.post(
    "/v1/standing/batch",
    operation_id="lookUpStandings",
    response_model=StandingBatchOut,
    openapi_extra=READERS,
)
async def look_up_standings(body: StandingBatchIn, db: Db, who: Who, now: Now) -> StandingBatchOut:
    """Say where up to 10,000 people stand, with one outcome for each number asked, in order."""
    axes = Axes(valid_at=body.valid_at, known_at=body.known_at)
    outcomes = await standings.batch(db, numbers=body.numbers, axes=axes, actor=who, now=now)
    return StandingBatchOut(
        items=[StandingItemOut.of(*each) for each in zip(body.numbers, outcomes, strict=True)]
    )
