"""Awards over HTTP: told by the body that gave them, read by anybody."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Path, Query, Request, Response

from services.kitemark.operations.awards import awards, marks
from services.kitemark.operations.awards.awards import SeenAward
from services.kitemark.routes.awards.award_bodies import (
    AwardBatchIn,
    AwardBatchOut,
    AwardIn,
    AwardOut,
    AwardPage,
    AwardVersions,
    HeldAwardOut,
    WithdrawalIn,
)
from services.kitemark.routes.axes import KnownAt, only_these_parameters
from services.kitemark.routes.fields import Code, ExternalId
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

router = guarded_router("awards")
PATH = "/v1/awards/by-external-id/{body}/{award_id}"
BodyInPath = Annotated[Code, Path(description="The code of the awarding body, such as CSW.")]
AwardIdInPath = Annotated[ExternalId, Path(description="The body's own id of the award.")]
SchoolInPath = Annotated[str, Path(max_length=20, description="A URN, or NI:, SCO:, WAL: and the number.")]


@router.put(
    PATH,
    operation_id="upsertAward",
    response_model=AwardOut,
    responses={201: {"model": AwardOut, "description": "The award is new; Location names it."}},
    openapi_extra=needs("awards:write"),
)
async def upsert_award(
    body: BodyInPath,
    award_id: AwardIdInPath,
    award: AwardIn,
    db: Db,
    who: Who,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Bring an award up to what its body says: 201 where it is new, 200 where it was known.

    The body must have been authorised for the scheme on the award's first day. The same again changes
    nothing; the versions before stay readable.
    """
    written = await awards.upsert(
        db,
        body=body,
        told=award.told(award_id),
        actor=who,
        now=now,
        expecting=lambda held: _check_precondition(held, if_match),
    )
    shown = AwardOut.of(written.held.award)
    headers = {"ETag": etag_of(shown)}
    if written.created:
        headers["Location"] = PATH.format(body=quote(body, safe=""), award_id=quote(award_id, safe=""))
    return Response(
        shown.model_dump_json(),
        status_code=201 if written.created else 200,
        media_type="application/json",
        headers=headers,
    )


@router.get(PATH, operation_id="getAward", response_model=AwardOut)
async def get_award(body: BodyInPath, award_id: AwardIdInPath, request: Request, db: Db) -> Response:
    """Return an award as it is known now."""
    held = await awards.get(db, body=body, external_id=award_id)
    return with_etag(request, AwardOut.of(held.award))


@router.get(f"{PATH}/versions", operation_id="listAwardVersions", response_model=AwardVersions)
async def list_award_versions(body: BodyInPath, award_id: AwardIdInPath, db: Db) -> AwardVersions:
    """List every version of an award, the oldest first: what was corrected is never lost."""
    found = await awards.versions(db, body=body, external_id=award_id)
    return AwardVersions(items=[HeldAwardOut.held(each) for each in found])


@router.post(
    f"{PATH}/withdrawal",
    operation_id="withdrawAward",
    status_code=201,
    response_model=AwardOut,
    openapi_extra=needs("awards:write"),
)
async def withdraw_award(
    body: BodyInPath,
    award_id: AwardIdInPath,
    withdrawal: WithdrawalIn,
    maker: OncePerRequest,
    db: Db,
    who: Who,
    now: Now,
) -> Response:
    """Withdraw an award from a day on, with the reason. It stays readable, and it stays withdrawn."""
    once = maker.rendering(lambda held: AwardOut.of(held.award))
    await awards.withdraw(
        db,
        once,
        body=body,
        external_id=award_id,
        day=withdrawal.withdrawn_on,
        reason=withdrawal.reason,
        actor=who,
        now=now,
    )
    return said(once)


@router.post(
    "/v1/awards/batch",
    operation_id="upsertAwards",
    response_model=AwardBatchOut,
    openapi_extra=needs("awards:write"),
)
async def upsert_awards(batch: AwardBatchIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Bring up to 200 awards up to what is told, with one result for each, in order."""
    once = maker.rendering(AwardBatchOut.of, status=200)
    await awards.upsert_batch(db, once, items=batch.read(), actor=who, now=now)
    return said(once)


@router.get("/v1/awards", operation_id="listAwards", response_model=AwardPage)
async def list_awards(
    request: Request,
    response: Response,
    db: Db,
    body: Annotated[str | None, Query(max_length=100)] = None,
    scheme: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 50,
    after: After = None,
) -> AwardPage:
    """List awards as they are known now, of a body or a scheme where one is named."""
    found = await awards.page(db, body=body, scheme=scheme, after=after, limit=limit)
    page = AwardPage(items=[AwardOut.of(held.award) for held in found.items], next=found.next)
    shown: AwardPage = page_body(request, response, page, next_cursor=found.next)
    return shown


@router.get("/v1/schools/{school}/awards", operation_id="listAwardsOfSchool", response_model=AwardPage)
async def list_awards_of_school(
    school: SchoolInPath, request: Request, db: Db, known_at: KnownAt = None
) -> AwardPage:
    """List every award that a school was given, the oldest first, of whichever scheme."""
    only_these_parameters(request, "known_at")
    found = await marks.history(db, school=school, known_at=known_at)
    return AwardPage(items=[AwardOut.of(each) for each in found], next=None)


def _check_precondition(held: SeenAward | None, if_match: str | None) -> None:
    if held is None:
        if if_match is not None:
            raise ChangedSinceRead
        return
    check_if_match(if_match, AwardOut.of(held.award))
