"""Concerns over HTTP: anybody raises and follows one, the body answers, the panel decides."""

from typing import Any

from fastapi import Request, Response

from services.kitemark.domain.policing.concern import ConcernState
from services.kitemark.operations.awards.proposals import DECIDES
from services.kitemark.operations.policing import concerns
from services.kitemark.operations.policing.cases import AWARDS, READERS
from services.kitemark.operations.policing.concerns import SeenConcern
from services.kitemark.routes.axes import only_these_parameters
from services.kitemark.routes.fields import NothingIn
from services.kitemark.routes.policing.concern_bodies import (
    AnswerIn,
    ConcernClosingIn,
    ConcernIn,
    ConcernOut,
    ConcernPage,
    ConcernProgressOut,
    ConcernReceiptOut,
    ConcernReferenceIn,
)
from shared.paging import After, Limit
from shared.web import (
    LARGEST_BODY_KEY,
    Db,
    Id,
    Now,
    OncePerRequest,
    Who,
    guarded_router,
    needs,
    page_body,
    said,
    with_etag,
)

router = guarded_router("concerns")
PATH = "/v1/concerns"
FOR_BOTH = needs(*READERS)
# Anybody may write here, so nobody may write much.
SMALL: dict[str, Any] = {LARGEST_BODY_KEY: 32 * 1024}


def _location(held: SeenConcern) -> str:
    return f"{PATH}/{held.id}"


@router.post(
    PATH,
    operation_id="raiseConcern",
    status_code=201,
    response_model=ConcernReceiptOut,
    openapi_extra=SMALL,
)
async def raise_concern(body: ConcernIn, maker: OncePerRequest, db: Db, now: Now) -> Response:
    """Raise a concern about a body, a scheme or an award; anybody may, and who did is not recorded.

    Keep the reference: it is shown this once. Nothing is public until the concern is closed, and then only
    as a number.
    """
    once = maker.rendering(ConcernReceiptOut.of, location=lambda _: f"{PATH}/progress")
    raised = await concerns.raise_concern(db, once, about=body.named(), words=body.words, now=now)
    # The answer that is kept for the key has no secret in it, and so this one is written anew.
    answer = said(once)
    receipt = ConcernReceiptOut.of(raised).model_copy(update={"reference": raised.reference})
    answer.body = receipt.model_dump_json().encode()
    answer.headers["content-length"] = str(len(answer.body))
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post(
    f"{PATH}/progress",
    operation_id="followConcern",
    response_model=ConcernProgressOut,
    openapi_extra=SMALL,
)
async def follow_concern(body: ConcernReferenceIn, response: Response, db: Db) -> ConcernProgressOut:
    """Say how far a concern is, to whoever holds its reference."""
    response.headers["cache-control"] = "no-store"
    return ConcernProgressOut.of(await concerns.follow(db, reference_=body.reference))


@router.get(PATH, operation_id="listConcerns", response_model=ConcernPage, openapi_extra=FOR_BOTH)
async def list_concerns(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    state: ConcernState | None = None,
    limit: Limit = 50,
    after: After = None,
) -> ConcernPage:
    """List concerns: for the panel every one, for a body those about it, once they are acknowledged."""
    only_these_parameters(request, "state", "limit", "after")
    found = await concerns.page(db, state=state, actor=who, after=after, limit=limit)
    page = ConcernPage(items=[ConcernOut.of(each) for each in found.items], next=found.next)
    shown: ConcernPage = page_body(request, response, page, next_cursor=found.next)
    return shown


@router.get(PATH + "/{id}", operation_id="getConcern", response_model=ConcernOut, openapi_extra=FOR_BOTH)
async def get_concern(id: Id, request: Request, db: Db, who: Who) -> Response:
    """Return a concern."""
    return with_etag(request, ConcernOut.of(await concerns.get(db, id_=id, actor=who)))


@router.post(
    PATH + "/{id}/acknowledgement",
    operation_id="acknowledgeConcern",
    status_code=201,
    response_model=ConcernOut,
    openapi_extra=needs(DECIDES),
)
async def acknowledge_concern(
    id: Id, body: NothingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Acknowledge a concern: from now on its body sees it, and has its days to answer."""
    once = maker.rendering(ConcernOut.of, location=_location)
    await concerns.acknowledge(db, once, id_=id, actor=who, now=now)
    return said(once)


@router.post(
    PATH + "/{id}/answer",
    operation_id="answerConcern",
    status_code=201,
    response_model=ConcernOut,
    openapi_extra=needs(AWARDS),
)
async def answer_concern(
    id: Id, body: AnswerIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Answer a concern about your body."""
    once = maker.rendering(ConcernOut.of, location=_location)
    await concerns.answer(db, once, id_=id, words=body.answer, actor=who, now=now)
    return said(once)


@router.post(
    PATH + "/{id}/closing",
    operation_id="closeConcern",
    status_code=201,
    response_model=ConcernOut,
    openapi_extra=needs(DECIDES),
)
async def close_concern(
    id: Id, body: ConcernClosingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Close a concern with what it came to; without the body's answer only once its days have passed."""
    once = maker.rendering(ConcernOut.of, location=_location)
    await concerns.close(db, once, id_=id, outcome=body.outcome, reasons=body.reasons, actor=who, now=now)
    return said(once)
