"""The log over HTTP: told by an association of its members, read back by it alone."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response

from services.cpd.operations import entries
from services.cpd.operations.entries import SeenEntry
from services.cpd.routes.entry_bodies import (
    EntryBatchIn,
    EntryBatchOut,
    EntryIn,
    EntryOut,
    EntryPage,
    EntryVersions,
    VoidingIn,
)
from services.cpd.routes.fields import AssociationCode, EntryIdInPath
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

router = guarded_router("log")
OF_ASSOCIATION = "/v1/entries/by-external-id/{association}/"
# An association's own id may have a slash in it, which arrives decoded.
PATH = OF_ASSOCIATION + "{entry_id:path}"


@router.put(
    PATH,
    operation_id="upsertEntry",
    response_model=EntryOut,
    responses={201: {"model": EntryOut, "description": "The entry is new; Location names it."}},
    openapi_extra=needs("cpd:write"),
)
async def upsert_entry(
    association: AssociationCode,
    entry_id: EntryIdInPath,
    body: EntryIn,
    db: Db,
    who: Who,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Bring an entry up to what the association says: 201 where it is new, 200 where it was known.

    The same again changes nothing; the versions before stay readable. `If-Match` guards against overwriting
    what somebody else wrote meanwhile.
    """
    written = await entries.upsert(
        db,
        association=association,
        entry_id=entry_id,
        entry=body.told(),
        actor=who,
        now=now,
        expecting=lambda held: _check_precondition(held, if_match),
    )
    shown = EntryOut.of(written.held)
    headers = {"ETag": etag_of(shown)}
    if written.created:
        headers["Location"] = OF_ASSOCIATION.format(association=association) + quote(entry_id, safe="")
    return Response(
        shown.model_dump_json(),
        status_code=201 if written.created else 200,
        media_type="application/json",
        headers=headers,
    )


@router.get(PATH, operation_id="getEntry", response_model=EntryOut, openapi_extra=needs("cpd:write"))
async def get_entry(
    association: AssociationCode, entry_id: EntryIdInPath, request: Request, db: Db, who: Who
) -> Response:
    """Return an entry of one's own association in full; another's looks like one that does not exist."""
    held = await entries.get(db, association=association, entry_id=entry_id, actor=who)
    return with_etag(request, EntryOut.of(held))


@router.get(
    "/v1/entries", operation_id="listEntries", response_model=EntryPage, openapi_extra=needs("cpd:write")
)
async def list_entries(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    number: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    after: After = None,
) -> EntryPage:
    """List the entries of one's own association, of one member or of all, voided ones too."""
    page = await entries.page(db, number=number, actor=who, after=after, limit=limit)
    body = EntryPage(items=[EntryOut.of(held) for held in page.items], next=page.next)
    shown: EntryPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.post(
    "/v1/entries/batch",
    operation_id="upsertEntries",
    response_model=EntryBatchOut,
    openapi_extra=needs("cpd:write"),
)
async def upsert_entries(body: EntryBatchIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Bring up to 200 entries up to what is told, with one result for each, in order."""
    once = maker.rendering(EntryBatchOut.of, status=200)
    await entries.upsert_batch(db, once, items=body.read(), actor=who, now=now)
    return said(once)


@router.get(
    "/v1/entries/{id}/versions",
    operation_id="listEntryVersions",
    response_model=EntryVersions,
    openapi_extra=needs("cpd:write"),
)
async def list_entry_versions(id: Id, db: Db, who: Who) -> EntryVersions:
    """List every version of an entry, oldest first: what was amended or voided is never lost."""
    return EntryVersions(items=[EntryOut.of(held) for held in await entries.versions(db, id_=id, actor=who)])


@router.post(
    "/v1/entries/{id}/voiding",
    operation_id="voidEntry",
    status_code=201,
    response_model=EntryOut,
    openapi_extra=needs("cpd:write"),
)
async def void_entry(id: Id, body: VoidingIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Void an entry: it counts for nothing any more. It stays readable, and stays void."""
    once = maker.rendering(EntryOut.of)
    await entries.void(db, once, id_=id, reason=body.reason, actor=who, now=now)
    return said(once)


def _check_precondition(held: SeenEntry | None, if_match: str | None) -> None:
    if held is None:
        if if_match is not None:
            raise ChangedSinceRead
        return
    check_if_match(if_match, EntryOut.of(held))
