"""Moderations over HTTP: the panel has them drawn, and anybody can draw again."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.kitemark.operations.awards.proposals import DECIDES
from services.kitemark.operations.policing import moderations
from services.kitemark.operations.policing.moderations import SeenModeration
from services.kitemark.routes.axes import only_these_parameters
from services.kitemark.routes.fields import NothingIn
from services.kitemark.routes.policing.moderation_bodies import (
    CancellingIn,
    ModerationIn,
    ModerationOut,
    ModerationPage,
    ModerationProofOut,
    SeedIn,
)
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("moderation")
PATH = "/v1/moderations"
PANEL = needs(DECIDES)


def _location(held: SeenModeration) -> str:
    return f"{PATH}/{held.id}"


@router.post(
    PATH, operation_id="freezeModeration", status_code=201, response_model=ModerationOut, openapi_extra=PANEL
)
async def freeze_moderation(
    body: ModerationIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Freeze the list of a body's awards of the last year, from which is drawn once the seed is there.

    The digest of the list and the size of the sample are published now, so that nothing can steer the draw.
    """
    once = maker.rendering(ModerationOut.of, location=_location)
    await moderations.freeze(db, once, announced=body.announced(), actor=who, now=now)
    return said(once)


@router.get(PATH, operation_id="listModerations", response_model=ModerationPage)
async def list_moderations(
    request: Request,
    response: Response,
    db: Db,
    body: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 50,
    after: After = None,
) -> ModerationPage:
    """List moderations, of a body where one is named."""
    only_these_parameters(request, "body", "limit", "after")
    found = await moderations.page(db, body=body, after=after, limit=limit)
    page = ModerationPage(items=[ModerationOut.of(each) for each in found.items], next=found.next)
    shown: ModerationPage = page_body(request, response, page, next_cursor=found.next)
    return shown


@router.get(PATH + "/{id}", operation_id="getModeration", response_model=ModerationOut)
async def get_moderation(id: Id, request: Request, db: Db) -> Response:
    """Return a moderation."""
    return with_etag(request, ModerationOut.of(await moderations.get(db, id_=id)))


@router.get(PATH + "/{id}/proof", operation_id="getModerationProof", response_model=ModerationProofOut)
async def get_moderation_proof(id: Id, request: Request, db: Db) -> Response:
    """Return all that is needed to draw again: the guide for the panel has the algorithm."""
    return with_etag(request, ModerationProofOut.of(await moderations.proof(db, id_=id)))


@router.post(
    PATH + "/{id}/seed",
    operation_id="enterModerationSeed",
    status_code=201,
    response_model=ModerationOut,
    openapi_extra=PANEL,
)
async def enter_moderation_seed(
    id: Id, body: SeedIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Enter the seed as it was published. Another of the panel compares it with its source, and draws."""
    once = maker.rendering(ModerationOut.of, location=_location)
    await moderations.enter_seed(db, once, id_=id, seed=body.seed, born_at=body.born_at, actor=who, now=now)
    return said(once)


@router.post(
    PATH + "/{id}/draw",
    operation_id="drawModeration",
    status_code=201,
    response_model=ModerationOut,
    openapi_extra=PANEL,
)
async def draw_moderation(
    id: Id, body: NothingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Draw the sample, and open a case for each award in it."""
    once = maker.rendering(ModerationOut.of, location=_location)
    await moderations.draw(db, once, id_=id, actor=who, now=now)
    return said(once)


@router.post(
    PATH + "/{id}/cancellation",
    operation_id="cancelModeration",
    status_code=201,
    response_model=ModerationOut,
    openapi_extra=PANEL,
)
async def cancel_moderation(
    id: Id, body: CancellingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Cancel a moderation that is not drawn yet. It stays readable, with the reason."""
    once = maker.rendering(ModerationOut.of, location=_location)
    await moderations.cancel(db, once, id_=id, reason=body.reason, actor=who, now=now)
    return said(once)
