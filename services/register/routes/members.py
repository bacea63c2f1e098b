"""Members over HTTP: told by their association, read back by it alone."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Header, Request, Response

from services.register.domain.rights.disclosure import Purpose
from services.register.operations import member_batches, member_records, members
from services.register.operations.member_records import Member
from services.register.routes.fields import AssociationCode, MemberIdInPath
from services.register.routes.member_batch_bodies import MemberBatchIn, MemberBatchOut
from services.register.routes.member_bodies import MemberIn, MemberList, MemberOut
from shared.disclosures import discloses
from shared.paging import After, Limit
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
    page_body,
    said,
    with_etag,
)

router = guarded_router("members")
OF_ASSOCIATION = "/v1/members/by-external-id/{association}/"
# An association's own id may have a slash in it, which arrives decoded.
PATH = OF_ASSOCIATION + "{member_id:path}"
IfNoneMatch = Annotated[str | None, Header(max_length=200)]


@router.put(
    PATH,
    operation_id="upsertMember",
    response_model=MemberOut,
    responses={201: {"model": MemberOut, "description": "The member is new; Location names it."}},
    openapi_extra=needs("members:write") | discloses(Purpose.MEMBERSHIP),
)
async def upsert_member(
    association: AssociationCode,
    member_id: MemberIdInPath,
    body: MemberIn,
    db: Db,
    who: Who,
    now: Now,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Bring a member up to what the association says: 201 where it is new, 200 where it was known.

    The same again changes nothing. `If-Match` guards against overwriting what somebody else wrote meanwhile,
    `If-None-Match: *` against overwriting anything.
    """
    upserted = await members.upsert(
        db,
        association=association,
        member_id=member_id,
        telling=body.telling(),
        actor=who,
        now=now,
        expecting=lambda found: _check_preconditions(found, if_match, if_none_match),
    )
    shown = MemberOut.of(upserted.member)
    headers = {"ETag": etag_of(shown)}
    if upserted.created:
        headers["Location"] = OF_ASSOCIATION.format(association=association) + quote(member_id, safe="")
    return Response(
        shown.model_dump_json(),
        status_code=201 if upserted.created else 200,
        media_type="application/json",
        headers=headers,
    )


@router.get(
    PATH,
    operation_id="getMember",
    response_model=MemberOut,
    openapi_extra=needs("members:write") | discloses(Purpose.MEMBERSHIP),
)
async def get_member(
    association: AssociationCode, member_id: MemberIdInPath, request: Request, db: Db, who: Who, now: Now
) -> Response:
    """Return a member of one's own association in full; another's looks like one that does not exist."""
    found = await member_records.get(db, association=association, member_id=member_id, actor=who, now=now)
    return with_etag(request, MemberOut.of(found))


@router.get(
    "/v1/members",
    operation_id="listMembers",
    response_model=MemberList,
    openapi_extra=needs("members:write") | discloses(Purpose.MEMBERSHIP),
)
async def list_members(
    request: Request, response: Response, db: Db, who: Who, now: Now, limit: Limit = 50, after: After = None
) -> MemberList:
    """List the members of one's own association by member id."""
    page = await member_records.page(db, actor=who, after=after, limit=limit, now=now)
    shown = MemberList(items=[MemberOut.of(member) for member in page.items], next=page.next)
    page_body(request, response, shown, next_cursor=page.next)
    return shown


@router.post(
    "/v1/members/batch",
    operation_id="upsertMembers",
    response_model=MemberBatchOut,
    openapi_extra=needs("members:write"),
)
async def upsert_members(body: MemberBatchIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Bring up to 200 members of one's own association up to what is told, with one result for each.

    An item that is refused leaves the others as they would be, unless `all_or_nothing` is set: then one
    refused item refuses the batch with 422 and nothing is written.
    """
    once = maker.rendering(MemberBatchOut.of, status=200)
    await member_batches.upsert_batch(
        db,
        items=body.read(),
        all_or_nothing=body.all_or_nothing,
        actor=who,
        now=now,
        once=once,
    )
    return said(once)


def _check_preconditions(found: Member | None, if_match: str | None, if_none_match: str | None) -> None:
    if found is None:
        if if_match is not None:
            raise ChangedSinceRead
        return
    shown = MemberOut.of(found)
    check_if_match(if_match, shown)
    if if_none_match is not None and {"*", etag_of(shown)} & {
        part.strip() for part in if_none_match.split(",")
    }:
        raise ChangedSinceRead
