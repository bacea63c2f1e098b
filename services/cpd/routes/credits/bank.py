"""The credit bank over HTTP: told by associations of their members, read as of any day."""

from urllib.parse import quote

from fastapi import Request, Response

from services.cpd.operations.credits import bank
from services.cpd.operations.credits.bank import SeenCredit
from services.cpd.operations.standings import Axes
from services.cpd.routes.axes import KnownAt, ValidAt
from services.cpd.routes.credits.bank_bodies import (
    CreditBatchIn,
    CreditBatchOut,
    CreditIn,
    CreditOut,
    CreditPage,
    CreditVersions,
    CreditVoidingIn,
)
from services.cpd.routes.fields import AssociationCode, EntryIdInPath, Number
from shared.paging import After, Limit
from shared.web import (
    ChangedSinceRead,
    Db,
    Id,
    IfMatch,
    Now,
    OncePerRequest,
    Who,
    check_if_match,
    etag_of,
    guarded_router,
    needs,
    page_body,
    said,
    with_etag,
)

router = guarded_router("credits")
OF_ASSOCIATION = "/v1/credits/by-external-id/{association}/"
# An association's own id may have a slash in it, which arrives decoded.
PATH = OF_ASSOCIATION + "{credit_id:path}"
WRITERS = needs("cpd:write")
READERS = needs("cpd:write", "cpd:audit", "register:decide", "internal")


@router.put(
    PATH,
    operation_id="upsertCredit",
    response_model=CreditOut,
    responses={201: {"model": CreditOut, "description": "The credit is new; Location names it."}},
    openapi_extra=WRITERS,
)
async def upsert_credit(
    association: AssociationCode,
    credit_id: EntryIdInPath,
    body: CreditIn,
    db: Db,
    who: Who,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Bring credit of a member up to what the association says: 201 where it is new, 200 where it was known.

    The same again changes nothing; the versions before stay readable.
    """
    written = await bank.upsert(
        db,
        association=association,
        credit_id=credit_id,
        told=body.told(),
        actor=who,
        now=now,
        expecting=lambda seen: _check_precondition(seen, if_match),
    )
    shown = CreditOut.of(written.seen)
    headers = {"ETag": etag_of(shown)}
    if written.created:
        headers["Location"] = OF_ASSOCIATION.format(association=association) + quote(credit_id, safe="")
    return Response(
        shown.model_dump_json(),
        status_code=201 if written.created else 200,
        media_type="application/json",
        headers=headers,
    )


@router.get(PATH, operation_id="getCredit", response_model=CreditOut, openapi_extra=WRITERS)
async def get_credit(
    association: AssociationCode, credit_id: EntryIdInPath, request: Request, db: Db, who: Who, now: Now
) -> Response:
    """Return credit that one's own association told; another's looks like one that does not exist."""
    seen = await bank.get(db, association=association, credit_id=credit_id, actor=who, now=now)
    return with_etag(request, CreditOut.of(seen))


@router.post(
    "/v1/credits/batch", operation_id="upsertCredits", response_model=CreditBatchOut, openapi_extra=WRITERS
)
async def upsert_credits(body: CreditBatchIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Bring up to 200 credits up to what is told, with one result for each, in order."""
    once = maker.rendering(CreditBatchOut.of, status=200)
    await bank.upsert_batch(db, once, items=body.read(), actor=who, now=now)
    return said(once)


@router.get(
    "/v1/credits/{id}/versions",
    operation_id="listCreditVersions",
    response_model=CreditVersions,
    openapi_extra=WRITERS,
)
async def list_credit_versions(id: Id, db: Db, who: Who, now: Now) -> CreditVersions:
    """List every version of credit that one's own association told: nothing is ever lost."""
    found = await bank.versions(db, id_=id, actor=who, now=now)
    return CreditVersions(items=[CreditOut.of(each) for each in found])


@router.post(
    "/v1/credits/{id}/voiding",
    operation_id="voidCredit",
    status_code=201,
    response_model=CreditOut,
    openapi_extra=WRITERS,
)
async def void_credit(
    id: Id, body: CreditVoidingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Void credit: it counts for nothing any more. It stays readable, and stays void."""
    once = maker.rendering(CreditOut.of)
    await bank.void(db, once, id_=id, reason=body.reason, actor=who, now=now)
    return said(once)


@router.get(
    "/v1/people/{number}/credits",
    operation_id="listCreditsOfPerson",
    response_model=CreditPage,
    openapi_extra=READERS,
)
async def list_credits_of_person(
    number: Number,
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    now: Now,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    limit: Limit = 50,
    after: After = None,
) -> CreditPage:
    """List what stands in a person's credit bank on a day, told by any association, expired credit too.

    An association asks about its own members, and reads references and ids of what it told itself.
    """
    page = await bank.of_person(
        db,
        number=number,
        axes=Axes(valid_at=valid_at, known_at=known_at),
        actor=who,
        after=after,
        limit=limit,
        now=now,
    )
    body = CreditPage(items=[CreditOut.of(each) for each in page.items], next=page.next)
    shown: CreditPage = page_body(request, response, body, next_cursor=page.next)
    return shown


def _check_precondition(seen: SeenCredit | None, if_match: str | None) -> None:
    if seen is None:
        if if_match is not None:
            raise ChangedSinceRead
        return
    check_if_match(if_match, CreditOut.of(seen))
