"""Checks over HTTP: made, and read back by who made them."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from services.gateway.clients.caller import Caller
from services.gateway.domain.checks.batch import read_csv
from services.gateway.domain.checks.check import MAY_CHECK, CheckKind
from services.gateway.operations.checks import batches, checks
from services.gateway.operations.checks.checks import Notary
from services.gateway.operations.checks.policies import every
from services.gateway.routes.checks.assurance_bodies import AssuranceCheckOut
from services.gateway.routes.checks.bodies import (
    BatchOut,
    CheckIn,
    CheckOut,
    CheckPage,
    CheckPoliciesOut,
    CheckPolicyOut,
    MadeOut,
    MadePage,
)
from shared.errors import Malformed
from shared.paging import After, Limit
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("checks")
CHECKERS = needs(*MAY_CHECK)
CSV_BODY = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}}
_SHAPES: dict[CheckKind, type[CheckOut]] = {
    CheckKind.ADVISER: CheckOut,
    CheckKind.BATCH: BatchOut,
    CheckKind.ASSURANCE: AssuranceCheckOut,
}
Reference = Annotated[str, Path(min_length=1, max_length=64)]


class CsvNotStated(Malformed):
    """A batch of checks is sent as CSV: send the header Content-Type: text/csv."""


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
    "/v1/checks/{reference}",
    operation_id="getCheck",
    response_model=BatchOut | AssuranceCheckOut | CheckOut,
    openapi_extra=CHECKERS,
)
async def get_check(reference: Reference, request: Request, db: Db, who: Who) -> Response:
    """Return one of one's own checks, with its receipt."""
    check = await checks.get(db, reference=reference, actor=who)
    return with_etag(request, _SHAPES[check.kind].of(check, issuer=request.app.state.settings.issuer))


@router.post(
    "/v1/check-batches",
    operation_id="makeCheckBatch",
    status_code=201,
    response_model=BatchOut,
    openapi_extra=CHECKERS | CSV_BODY,
)
async def make_check_batch(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    once: OncePerRequest,
    purpose: Annotated[str, Query(max_length=40, description="What all are checked for.")],
) -> Response:
    """Check up to 1,000 advisers from a spreadsheet, under one receipt.

    Send CSV in UTF-8 with a column `number`, and `reference`, `family_name` and `date_of_birth` where you
    have them. Every row gets its answer, in order; the receipt holds the digest of them all.
    """
    if not request.headers.get("content-type", "").startswith("text/csv"):
        raise CsvNotStated
    rows = read_csv(await request.body())
    issuer = request.app.state.settings.issuer
    answer = once.rendering(
        lambda check: BatchOut.of(check, issuer=issuer),
        location=lambda check: f"/v1/checks/{check.reference}",
    )
    await batches.check_many(
        db,
        rows,
        purpose=purpose,
        neighbours=request.app.state.neighbours,
        caller=caller_of_request(request),
        notary=Notary(keys=request.app.state.keys, issuer=issuer),
        actor=who,
        once=answer,
        now=now,
    )
    return said(answer)


@router.get(
    "/v1/practitioners/{number}/checks",
    operation_id="listChecksOfPractitioner",
    response_model=MadePage,
    openapi_extra=needs("members:write", "register:decide"),
)
async def list_checks_of_practitioner(
    number: Annotated[str, Path(max_length=64)],
    request: Request,
    response: Response,
    db: Db,
    now: Now,
    limit: Limit = 50,
    after: After = None,
) -> MadePage:
    """List who checked a person, for whoever may tell the person: their association, or a registrar.

    Checks for some purposes are told after the days that the policy says.
    """
    page = await batches.page_about(
        db,
        number,
        neighbours=request.app.state.neighbours,
        caller=caller_of_request(request),
        after=after,
        limit=limit,
        now=now,
    )
    body = MadePage(items=[MadeOut.of(each) for each in page.items], next=page.next)
    shown: MadePage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get("/v1/check-policies", operation_id="listCheckPolicies", response_model=CheckPoliciesOut)
async def list_check_policies() -> CheckPoliciesOut:
    """List for what somebody may be checked, and after how many days the person is told."""
    return CheckPoliciesOut(items=[CheckPolicyOut.of(each) for each in every()])


def caller_of_request(request: Request, *, until: float | None = None) -> Caller:
    """Return in whose name the neighbours are asked."""
    return Caller(
        until=until,
        authorization=request.headers.get("authorization"),
        request_id=request.scope.get("state", {}).get("request_id"),
    )
