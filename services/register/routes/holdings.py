"""Holdings over HTTP: declared by associations, decided by registrars."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.register.domain.qualification import HoldingStatus
from services.register.domain.rights.disclosure import Purpose
from services.register.operations import evidence, holdings
from services.register.operations.holdings import SeenHolding
from services.register.routes.fields import NothingIn
from services.register.routes.holding_bodies import (
    AuthenticationIn,
    CompletionIn,
    HoldingIn,
    HoldingList,
    HoldingOut,
    ReasonIn,
)
from shared.disclosures import discloses
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("holdings")
WRITE = needs("members:write") | discloses(Purpose.EVIDENCE)
DECIDE = needs("register:decide") | discloses(Purpose.EVIDENCE)
EITHER = needs("members:write", "register:decide") | discloses(Purpose.EVIDENCE)
Status = Annotated[HoldingStatus | None, Query(description="Only holdings that stand so.")]


def _location(seen: SeenHolding) -> str:
    return f"/v1/holdings/{seen.held.holding.holding_id}"


@router.post(
    "/v1/holdings",
    operation_id="declareHolding",
    status_code=201,
    response_model=HoldingOut,
    openapi_extra=WRITE,
)
async def declare_holding(body: HoldingIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Declare a qualification of a member of one's own; it counts for nothing until it is authenticated."""
    once = maker.rendering(HoldingOut.of, location=_location)
    await holdings.submit(
        db,
        member_id=body.member_id,
        declaration=body.declaration(),
        actor=who,
        now=now,
        once=once,
    )
    return said(once)


@router.get("/v1/holdings", operation_id="listHoldings", response_model=HoldingList, openapi_extra=EITHER)
async def list_holdings(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    status: Status = None,
    limit: Limit = 50,
    after: After = None,
) -> HoldingList:
    """List holdings in the order of their declaration: a registrar sees all, an association its own."""
    page = await holdings.page(db, status=status, actor=who, after=after, limit=limit)
    shown = HoldingList(items=[HoldingOut.of(seen) for seen in page.items], next=page.next)
    page_body(request, response, shown, next_cursor=page.next)
    return shown


@router.get(
    "/v1/holdings/{holding_id}",
    operation_id="getHolding",
    response_model=HoldingOut,
    openapi_extra=EITHER,
)
async def get_holding(holding_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Return a holding to a registrar, or to the association that declared it."""
    return with_etag(request, HoldingOut.of(await holdings.get(db, holding_id=holding_id, actor=who)))


@router.post(
    "/v1/holdings/{holding_id}/completion",
    operation_id="completeHolding",
    status_code=201,
    response_model=HoldingOut,
    openapi_extra=WRITE,
)
async def complete_holding(
    holding_id: Id, body: CompletionIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Say that a qualification that was worked towards has been awarded."""
    once = maker.rendering(HoldingOut.of, location=_location)
    await holdings.complete(
        db, holding_id=holding_id, awarded_on=body.awarded_on, actor=who, now=now, once=once
    )
    return said(once)


@router.post(
    "/v1/holdings/{holding_id}/withdrawal",
    operation_id="withdrawHolding",
    status_code=201,
    response_model=HoldingOut,
    openapi_extra=WRITE,
)
async def withdraw_holding(
    holding_id: Id, maker: OncePerRequest, db: Db, who: Who, now: Now, _: NothingIn | None = None
) -> Response:
    """Take back a declaration that nobody has decided yet."""
    once = maker.rendering(HoldingOut.of, location=_location)
    await holdings.withdraw(db, holding_id=holding_id, actor=who, now=now, once=once)
    return said(once)


@router.post(
    "/v1/holdings/{holding_id}/authentications",
    operation_id="authenticateHolding",
    status_code=201,
    response_model=HoldingOut,
    openapi_extra=DECIDE,
)
async def authenticate_holding(
    holding_id: Id, body: AuthenticationIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Find a claimed qualification to be real. Whoever submitted it may not decide it."""
    once = maker.rendering(HoldingOut.of, location=_location)
    await evidence.authenticate(
        db,
        holding_id=holding_id,
        method=body.method,
        evidence_reference=body.evidence_reference,
        reason=body.reason,
        relevant=body.relevant,
        actor=who,
        now=now,
        once=once,
    )
    return said(once)


@router.post(
    "/v1/holdings/{holding_id}/rejections",
    operation_id="rejectHolding",
    status_code=201,
    response_model=HoldingOut,
    openapi_extra=DECIDE,
)
async def reject_holding(
    holding_id: Id, body: ReasonIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Find that a claimed qualification was not shown. Whoever submitted it may not decide it."""
    once = maker.rendering(HoldingOut.of, location=_location)
    await evidence.reject(db, holding_id=holding_id, reason=body.reason, actor=who, now=now, once=once)
    return said(once)


@router.post(
    "/v1/holdings/{holding_id}/authentication-withdrawals",
    operation_id="withdrawAuthentication",
    status_code=201,
    response_model=HoldingOut,
    openapi_extra=DECIDE,
)
async def withdraw_authentication(
    holding_id: Id, body: ReasonIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Take back an authentication whose evidence was found to be false.

    A licence that is left without evidence is suspended in the same step, until somebody decides further.
    """
    once = maker.rendering(HoldingOut.of, location=_location)
    await evidence.withdraw_authentication(
        db, holding_id=holding_id, reason=body.reason, actor=who, now=now, once=once
    )
    return said(once)
