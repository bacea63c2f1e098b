"""Validations and authorities over HTTP: decided by the panel, read by anybody."""

from fastapi import Request, Response

from services.kitemark.operations.awards import standings
from services.kitemark.routes.awards.standing_bodies import (
    AuthorityIn,
    EndingIn,
    HeldSpanOut,
    SpanIn,
    SpansOut,
)
from services.kitemark.routes.axes import KnownAt, only_these_parameters
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, said

router = guarded_router("validations")
DECIDES = needs("validations:decide")


@router.get("/v1/validations", operation_id="listValidations", response_model=SpansOut)
async def list_validations(request: Request, db: Db, known_at: KnownAt = None) -> SpansOut:
    """List on which days which scheme is nationally validated, and what that rests on."""
    only_these_parameters(request, "known_at")
    found = await standings.list_all(db, of_bodies=False, known_at=known_at)
    return SpansOut(items=[HeldSpanOut.held(each) for each in found])


@router.get("/v1/authorities", operation_id="listAuthorities", response_model=SpansOut)
async def list_authorities(request: Request, db: Db, known_at: KnownAt = None) -> SpansOut:
    """List on which days which body may give the awards of which scheme, and what that rests on."""
    only_these_parameters(request, "known_at")
    found = await standings.list_all(db, of_bodies=True, known_at=known_at)
    return SpansOut(items=[HeldSpanOut.held(each) for each in found])


@router.post(
    "/v1/validations",
    operation_id="recordValidation",
    status_code=201,
    response_model=HeldSpanOut,
    openapi_extra=DECIDES,
)
async def record_validation(body: SpanIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Record that a scheme is validated on some days."""
    once = maker.rendering(HeldSpanOut.held)
    await standings.record(db, once, body.wanted(), actor=who, now=now)
    return said(once)


@router.post(
    "/v1/authorities",
    operation_id="recordAuthority",
    status_code=201,
    response_model=HeldSpanOut,
    openapi_extra=DECIDES,
)
async def record_authority(body: AuthorityIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Record that a body may give the awards of a scheme on some days."""
    once = maker.rendering(HeldSpanOut.held)
    await standings.record(db, once, body.wanted(), actor=who, now=now)
    return said(once)


@router.post(
    "/v1/validations/{id}/ending",
    operation_id="endValidation",
    status_code=201,
    response_model=HeldSpanOut,
    openapi_extra=DECIDES,
)
async def end_validation(
    id: Id, body: EndingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """End a validation with a day. What becomes of awards given before is the mark policy's to say."""
    once = maker.rendering(HeldSpanOut.held)
    await standings.end(db, once, id_=id, of_body=False, last=body.last_day, actor=who, now=now)
    return said(once)


@router.post(
    "/v1/authorities/{id}/ending",
    operation_id="endAuthority",
    status_code=201,
    response_model=HeldSpanOut,
    openapi_extra=DECIDES,
)
async def end_authority(
    id: Id, body: EndingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """End an authority with a day. What becomes of awards given before is the mark policy's to say."""
    once = maker.rendering(HeldSpanOut.held)
    await standings.end(db, once, id_=id, of_body=True, last=body.last_day, actor=who, now=now)
    return said(once)
