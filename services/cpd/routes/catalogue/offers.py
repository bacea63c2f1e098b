"""The catalogue over HTTP: told by associations, found by anybody."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response

from services.cpd.domain.catalogue.offer import Delivery
from services.cpd.operations.catalogue import offers
from services.cpd.operations.catalogue.offers import SeenOffer
from services.cpd.routes.axes import KnownAt
from services.cpd.routes.catalogue.offer_bodies import OfferIn, OfferOut, OfferPage, OfferVersions
from services.cpd.routes.fields import AssociationCode, Code, EntryId, Line
from shared.paging import After, Limit
from shared.web import (
    ChangedSinceRead,
    Db,
    IfMatch,
    Now,
    Who,
    check_if_match,
    etag_of,
    guarded_router,
    needs,
    page_body,
    with_etag,
)

router = guarded_router("catalogue")
PATH = "/v1/offers/by-external-id/{association}/{offer_id}"
Filter = Annotated[Code | None, Query()]


@router.get("/v1/offers", operation_id="findOffers", response_model=OfferPage)
async def find_offers(
    request: Request,
    response: Response,
    db: Db,
    q: Annotated[Line | None, Query(description="Beginnings of words of title, provider or text.")] = None,
    association: Filter = None,
    specialism: Filter = None,
    delivery: Annotated[Delivery | None, Query()] = None,
    region: Filter = None,
    free: Annotated[bool, Query(description="Only what costs nothing.")] = False,
    limit: Limit = 50,
    after: After = None,
) -> OfferPage:
    """Find offers of CPD, of every association and of those that sources name, by title."""
    page = await offers.page(
        db,
        words=q,
        association=association,
        specialism=specialism,
        delivery=delivery,
        region=region,
        free=free,
        after=after,
        limit=limit,
    )
    body = OfferPage(items=[OfferOut.of(each) for each in page.items], next=page.next)
    shown: OfferPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.put(
    PATH,
    operation_id="upsertOffer",
    response_model=OfferOut,
    responses={201: {"model": OfferOut, "description": "The offer is new; Location names it."}},
    openapi_extra=needs("cpd:write"),
)
async def upsert_offer(
    association: AssociationCode,
    offer_id: EntryId,
    body: OfferIn,
    db: Db,
    who: Who,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Bring an offer of your association up to what you say: 201 where it is new, 200 where it was known.

    The same again changes nothing; one that is over is sent with `withdrawn`, and stays readable.
    """
    written = await offers.upsert(
        db,
        association=association,
        offer_id=offer_id,
        told=body.told(),
        actor=who,
        now=now,
        expecting=lambda held: _check_precondition(held, if_match),
    )
    shown = OfferOut.of(written.held)
    headers = {"ETag": etag_of(shown)}
    if written.created:
        headers["Location"] = PATH.format(association=association, offer_id=quote(offer_id, safe=""))
    return Response(
        shown.model_dump_json(),
        status_code=201 if written.created else 200,
        media_type="application/json",
        headers=headers,
    )


@router.get(PATH, operation_id="getOffer", response_model=OfferOut)
async def get_offer(
    association: AssociationCode, offer_id: EntryId, request: Request, db: Db, known_at: KnownAt = None
) -> Response:
    """Return an offer as it was known, withdrawn ones too."""
    held = await offers.get(db, association=association, offer_id=offer_id, known_at=known_at)
    return with_etag(request, OfferOut.of(held))


@router.get(f"{PATH}/versions", operation_id="listOfferVersions", response_model=OfferVersions)
async def list_offer_versions(association: AssociationCode, offer_id: EntryId, db: Db) -> OfferVersions:
    """List every version of an offer, the oldest first."""
    found = await offers.versions(db, association=association, offer_id=offer_id)
    return OfferVersions(items=[OfferOut.of(each) for each in found])


def _check_precondition(held: SeenOffer | None, if_match: str | None) -> None:
    if held is None:
        if if_match is not None:
            raise ChangedSinceRead
        return
    check_if_match(if_match, OfferOut.of(held))
