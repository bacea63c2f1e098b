"""Routes to entry over HTTP: shown by associations, judged by assessors, decided by registrars."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.register.domain.entry_routes.route import RouteKind, RouteStatus
from services.register.domain.rights.disclosure import Purpose
from services.register.operations.entry_routes import assessments, sight, submissions
from services.register.operations.entry_routes.sight import SeenRoute
from services.register.routes.entry_routes.bodies import (
    EntryRouteDecisionIn,
    EntryRouteIn,
    EntryRouteList,
    EntryRouteOut,
    EntryRouteOutcome,
    EvidenceIn,
    JudgementIn,
    ModulesIn,
)
from services.register.routes.fields import NothingIn
from shared.disclosures import discloses
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("entry-routes")
WRITE = needs("members:write") | discloses(Purpose.EVIDENCE)
DECIDE = needs("register:decide") | discloses(Purpose.EVIDENCE)
EITHER = needs("members:write", "register:decide") | discloses(Purpose.EVIDENCE)
Kind = Annotated[RouteKind | None, Query(description="Only routes of this kind.")]
Status = Annotated[RouteStatus | None, Query(description="Only routes that stand so.")]


def _location(seen: SeenRoute) -> str:
    return f"/v1/entry-routes/{seen.held.route.route_id}"


@router.post(
    "/v1/entry-routes",
    operation_id="submitEntryRoute",
    status_code=201,
    response_model=EntryRouteOut,
    openapi_extra=WRITE,
)
async def submit_route(body: EntryRouteIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Begin a route to entry for a member of one's own: alternative qualification, competence or top up."""
    once = maker.rendering(EntryRouteOut.of, location=_location)
    await submissions.submit(db, once, wanted=body.wanted(), actor=who, now=now)
    return said(once)


@router.get(
    "/v1/entry-routes", operation_id="listEntryRoutes", response_model=EntryRouteList, openapi_extra=EITHER
)
async def list_routes(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    route: Kind = None,
    status: Status = None,
    limit: Limit = 50,
    after: After = None,
) -> EntryRouteList:
    """List routes to entry in the order of their submission: a registrar sees all, an association its own."""
    page = await sight.page(db, kind=route, status=status, actor=who, after=after, limit=limit)
    shown = EntryRouteList(items=[EntryRouteOut.of(seen) for seen in page.items], next=page.next)
    page_body(request, response, shown, next_cursor=page.next)
    return shown


@router.get(
    "/v1/entry-routes/{route_id}",
    operation_id="getEntryRoute",
    response_model=EntryRouteOut,
    openapi_extra=EITHER,
)
async def get_route(route_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Return a route with its evidence and what is still missing, to a registrar or to its association."""
    return with_etag(request, EntryRouteOut.of(await sight.get(db, route_id=route_id, actor=who)))


@router.post(
    "/v1/entry-routes/{route_id}/modules",
    operation_id="nameModules",
    status_code=201,
    response_model=EntryRouteOut,
    openapi_extra=DECIDE,
)
async def name_modules(
    route_id: Id, body: ModulesIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Name the modules of a top up. They do not change afterwards."""
    once = maker.rendering(EntryRouteOut.of, location=_location)
    await assessments.name_modules(
        db, once, route_id=route_id, modules=body.parts(), reasons=body.reasons, actor=who, now=now
    )
    return said(once)


@router.post(
    "/v1/entry-routes/{route_id}/evidence",
    operation_id="submitEvidence",
    status_code=201,
    response_model=EntryRouteOut,
    openapi_extra=WRITE,
)
async def submit_evidence(
    route_id: Id, body: EvidenceIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Submit evidence on one part of a route: a standard, a module, or relevance."""
    once = maker.rendering(EntryRouteOut.of, location=_location)
    await submissions.add_evidence(
        db,
        once,
        route_id=route_id,
        part=body.part,
        references=body.references,
        statement=body.statement,
        actor=who,
        now=now,
    )
    return said(once)


@router.post(
    "/v1/entry-routes/{route_id}/judgements",
    operation_id="judgeEvidence",
    status_code=201,
    response_model=EntryRouteOut,
    openapi_extra=DECIDE,
)
async def judge_evidence(
    route_id: Id, body: JudgementIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Judge one piece of evidence as an assessor. Whoever submitted anything on the route may not."""
    once = maker.rendering(EntryRouteOut.of, location=_location)
    await assessments.judge(
        db,
        once,
        route_id=route_id,
        evidence_id=body.evidence,
        judgement=body.judgement,
        reasons=body.reasons,
        actor=who,
        now=now,
    )
    return said(once)


@router.post(
    "/v1/entry-routes/{route_id}/decisions",
    operation_id="decideEntryRoute",
    status_code=201,
    response_model=EntryRouteOut,
    openapi_extra=DECIDE,
)
async def decide_route(
    route_id: Id, body: EntryRouteDecisionIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Grant a route or refuse it, as a registrar who neither submitted nor judged anything of it.

    A grant lets the holding count in the same step: as relevant, or as the one that competence equals.
    """
    once = maker.rendering(EntryRouteOut.of, location=_location)
    await assessments.decide(
        db,
        once,
        route_id=route_id,
        granted=body.outcome is EntryRouteOutcome.GRANTED,
        reasons=body.reasons,
        actor=who,
        now=now,
    )
    return said(once)


@router.post(
    "/v1/entry-routes/{route_id}/withdrawal",
    operation_id="withdrawEntryRoute",
    status_code=201,
    response_model=EntryRouteOut,
    openapi_extra=WRITE,
)
async def withdraw_route(
    route_id: Id, maker: OncePerRequest, db: Db, who: Who, now: Now, _: NothingIn | None = None
) -> Response:
    """Take back a route of one's own that nobody has decided yet."""
    once = maker.rendering(EntryRouteOut.of, location=_location)
    await submissions.withdraw(db, once, route_id=route_id, actor=who, now=now)
    return said(once)
