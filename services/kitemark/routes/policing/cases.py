"""Cases of moderations over HTTP, for the two bodies whose they are and for the panel."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from services.kitemark.clients.register import RegisterClient
from services.kitemark.domain.policing.case import CaseState
from services.kitemark.operations.awards.proposals import DECIDES
from services.kitemark.operations.policing import cases
from services.kitemark.operations.policing.cases import AWARDS, READERS, Finding, SeenCase
from services.kitemark.routes.axes import only_these_parameters
from services.kitemark.routes.policing.moderation_bodies import (
    FindingIn,
    ModerationCaseOut,
    ModerationCasePage,
    ResponseIn,
)
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("moderation")
PATH = "/v1/moderation-cases"
FOR_BOTH = needs(*READERS)


def _register(request: Request) -> RegisterClient:
    client: RegisterClient = request.app.state.register
    return client


def _location(held: SeenCase) -> str:
    return f"{PATH}/{held.id}"


@router.get(
    PATH, operation_id="listModerationCases", response_model=ModerationCasePage, openapi_extra=FOR_BOTH
)
async def list_moderation_cases(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    moderation: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    state: CaseState | None = None,
    limit: Limit = 50,
    after: After = None,
) -> ModerationCasePage:
    """List the cases of your body and those that it moderates; who of the panel speaks for none, all."""
    only_these_parameters(request, "moderation", "state", "limit", "after")
    found = await cases.page(db, moderation=moderation, state=state, actor=who, after=after, limit=limit)
    page = ModerationCasePage(items=[ModerationCaseOut.of(each) for each in found.items], next=found.next)
    shown: ModerationCasePage = page_body(request, response, page, next_cursor=found.next)
    return shown


@router.get(
    PATH + "/{id}",
    operation_id="getModerationCase",
    response_model=ModerationCaseOut,
    openapi_extra=FOR_BOTH,
)
async def get_moderation_case(id: Id, request: Request, db: Db, who: Who) -> Response:
    """Return a case of your body, or one that it moderates."""
    return with_etag(request, ModerationCaseOut.of(await cases.get(db, id_=id, actor=who)))


@router.post(
    PATH + "/{id}/findings",
    operation_id="findInModeration",
    status_code=201,
    response_model=ModerationCaseOut,
    openapi_extra=needs(DECIDES),
)
async def find_in_moderation(
    id: Id,
    body: FindingIn,
    maker: OncePerRequest,
    db: Db,
    register: Annotated[RegisterClient, Depends(_register)],
    who: Who,
    now: Now,
) -> Response:
    """Say what you found of an award, as a licensed assessor of the body that moderates."""
    once = maker.rendering(ModerationCaseOut.of, location=_location)
    finding = Finding(step=body.finding, reasons=body.reasons, number=body.number)
    await cases.find(db, register, once, finding, id_=id, actor=who, now=now)
    return said(once)


@router.post(
    PATH + "/{id}/responses",
    operation_id="respondToFinding",
    status_code=201,
    response_model=ModerationCaseOut,
    openapi_extra=needs(AWARDS),
)
async def respond_to_finding(
    id: Id, body: ResponseIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Respond to a finding about your award, or say where the evidence is that was asked for."""
    once = maker.rendering(ModerationCaseOut.of, location=_location)
    await cases.respond(db, once, id_=id, words=body.response, actor=who, now=now)
    return said(once)
