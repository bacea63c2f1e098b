"""Checks of all three strands over HTTP."""

import time

from fastapi import Request, Response

from services.gateway.loaders import Loaders, OfOneDay
from services.gateway.operations.checks import assurances
from services.gateway.operations.checks.checks import Notary
from services.gateway.routes.checks.assurance_bodies import AssuranceCheckIn, AssuranceCheckOut
from services.gateway.routes.checks.checks import CHECKERS, caller_of_request
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, said

router = guarded_router("checks")
SECONDS = 8.0


@router.post(
    "/v1/assurance-checks",
    operation_id="makeAssuranceCheck",
    status_code=201,
    response_model=AssuranceCheckOut,
    openapi_extra=CHECKERS,
)
async def make_assurance_check(
    body: AssuranceCheckIn, request: Request, db: Db, who: Who, now: Now, once: OncePerRequest
) -> Response:
    """Check a school with everybody who gives guidance there, or whom you name, under one receipt.

    What a service does not answer is unknown in the receipt, and never less than was asked.
    """
    issuer = request.app.state.settings.issuer
    answer = once.rendering(
        lambda check: AssuranceCheckOut.of(check, issuer=issuer),
        location=lambda check: f"/v1/checks/{check.reference}",
    )
    caller = caller_of_request(request, until=time.monotonic() + SECONDS)
    question = body.question()
    asks = OfOneDay(Loaders(request.app.state.neighbours, caller), question.valid_at, question.known_at)
    notary = Notary(keys=request.app.state.keys, issuer=issuer)
    await assurances.check_assurance(db, question, asks=asks, notary=notary, actor=who, once=answer, now=now)
    return said(answer)
