"""Accreditations over HTTP: told by whoever keeps a standard's list, one by one and in batches."""

from urllib.parse import quote

from fastapi import Request, Response

from services.kitemark.domain.providers.access import WRITERS
from services.kitemark.operations.providers import accreditations
from services.kitemark.operations.providers.accreditations import SeenAccreditation
from services.kitemark.routes.providers.batches import AccreditationBatchIn, AccreditationBatchOut
from services.kitemark.routes.providers.bodies import AccreditationIn, AccreditationOut
from services.kitemark.routes.providers.naming import Keeper, OwnIdInPath
from shared.web import (
    ChangedSinceRead,
    Db,
    IfMatch,
    Now,
    OncePerRequest,
    Who,
    check_if_match,
    etag_of,
    guarded_router,
    needs,
    said,
    with_etag,
)

router = guarded_router("accreditations")
OF_KEEPER = "/v1/accreditations/by-external-id/{keeper}/"
# A keeper's own id may have a slash in it, which arrives decoded.
PATH = OF_KEEPER + "{accreditation_id:path}"


@router.put(
    PATH,
    operation_id="upsertAccreditation",
    response_model=AccreditationOut,
    responses={201: {"model": AccreditationOut, "description": "It is new; Location names it."}},
    openapi_extra=needs(*WRITERS),
)
async def upsert_accreditation(
    keeper: Keeper,
    accreditation_id: OwnIdInPath,
    body: AccreditationIn,
    db: Db,
    who: Who,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Bring an accreditation up to what its keeper says; the same again changes nothing.

    A body writes in its own list, of standards whose list it keeps; the panel in everybody's.
    """
    written = await accreditations.upsert(
        db,
        keeper=keeper,
        own_id=accreditation_id,
        told=body.told(),
        actor=who,
        now=now,
        expecting=lambda held: _check_precondition(held, if_match),
    )
    shown = AccreditationOut.of(written.held)
    headers = {"ETag": etag_of(shown)}
    if written.created:
        headers["Location"] = OF_KEEPER.format(keeper=quote(keeper, safe="")) + quote(
            accreditation_id, safe=""
        )
    return Response(
        shown.model_dump_json(),
        status_code=201 if written.created else 200,
        media_type="application/json",
        headers=headers,
    )


@router.get(PATH, operation_id="getAccreditation", response_model=AccreditationOut)
async def get_accreditation(
    keeper: Keeper, accreditation_id: OwnIdInPath, request: Request, db: Db
) -> Response:
    """Return an accreditation by its keeper's own id."""
    held = await accreditations.get(db, keeper=keeper, own_id=accreditation_id)
    return with_etag(request, AccreditationOut.of(held))


@router.post(
    "/v1/accreditations/batch",
    operation_id="upsertAccreditations",
    response_model=AccreditationBatchOut,
    openapi_extra=needs(*WRITERS),
)
async def upsert_accreditations(
    body: AccreditationBatchIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Bring up to 200 accreditations up to what their keeper tells, with one result for each, in order."""
    once = maker.rendering(AccreditationBatchOut.of, status=200)
    await accreditations.upsert_batch(
        db,
        once,
        keeper=body.keeper,
        items=body.read(),
        all_or_nothing=body.all_or_nothing,
        actor=who,
        now=now,
    )
    return said(once)


def _check_precondition(held: SeenAccreditation | None, if_match: str | None) -> None:
    if held is None:
        if if_match is not None:
            raise ChangedSinceRead
        return
    check_if_match(if_match, AccreditationOut.of(held))
