"""Checks over HTTP: made, and read back by who made them."""

from typing import Annotated

from fastapi import Path, Request, Response

from services.gateway.clients.caller import Caller
from services.gateway.operations.checks import checks
from services.gateway.operations.checks.checks import Notary
from services.gateway.operations.checks.policies import every
from services.gateway.routes.checks.bodies import (
    CheckIn,
    CheckOut,
    CheckPage,
    CheckPoliciesOut,
    CheckPolicyOut,
)
from shared.paging import After, Limit
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("checks")
CHECKERS = needs("checks:write", "people:match", "members:write", "register:decide")
Reference = Annotated[str, Path(min_length=1, max_length=64)]


@router.post(
    "/v1/checks",
    operation_id="makeCheck",
    status_code=201,
    response_model=CheckOut,
    openapi_extra=CHECKERS,
)
async def make_check(
    body: CheckIn, request: Request, db: Db, who: Who, now: Now, once: OncePerRequest
) -> Response:
    """Check an adviser and keep the answer, with a signed receipt that proves what was said and when.

    The answer is the register's, word for word. Where the register gives none, there is no check: ask again.
    """
    issuer = request.app.state.settings.issuer
    answer = once.rendering(
        lambda check: CheckOut.of(check, issuer=issuer),
        location=lambda check: f"/v1/checks/{check.reference}",
    )
    await checks.check_adviser(
        db,
        body.question(),
        neighbours=request.app.state.neighbours,
        caller=caller_of_request(request),
        notary=Notary(keys=request.app.state.keys, issuer=issuer),
        actor=who,
        once=answer,
        now=now,
    )
    return said(answer)


@router.get("/v1/checks", operation_id="listChecks", response_model=CheckPage, openapi_extra=CHECKERS)
async def list_checks(
    request: Request, response: Response, db: Db, who: Who, limit: Limit = 50, after: After = None
) -> CheckPage:
    """List one's own checks, the newest first."""
    issuer = request.app.state.settings.issuer
    page = await checks.page(db, actor=who, after=after, limit=limit)
    body = CheckPage(items=[CheckOut.of(each, issuer=issuer) for each in page.items], next=page.next)
    shown: CheckPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get(
    "/v1/checks/{reference}", operation_id="getCheck", response_model=CheckOut, openapi_extra=CHECKERS
)
async def get_check(reference: Reference, request: Request, db: Db, who: Who) -> Response:
    """Return one of one's own checks, with its receipt."""
    check = await checks.get(db, reference=reference, actor=who)
    return with_etag(request, CheckOut.of(check, issuer=request.app.state.settings.issuer))


@router.get("/v1/check-policies", operation_id="listCheckPolicies", response_model=CheckPoliciesOut)
async def list_check_policies() -> CheckPoliciesOut:
    """List for what somebody may be checked, and after how many days the person is told."""
    return CheckPoliciesOut(items=[CheckPolicyOut.of(each) for each in every()])


def caller_of_request(request: Request) -> Caller:
    """Return in whose name the neighbours are asked."""
    return Caller(
        authorization=request.headers.get("authorization"),
        request_id=request.scope.get("state", {}).get("request_id"),
    )
