"""Drafts of the directory's next edition over HTTP: begun, edited, and published by somebody else."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Query, Request, Response

from services.register.operations.directory import drafts
from services.register.operations.directory.drafts import SeenDraft
from services.register.operations.directory.editions import SeenEdition
from services.register.routes.directory.directory_editions import EditionCode
from services.register.routes.directory.edition_bodies import (
    DraftHead,
    DraftOut,
    DraftPage,
    EditionIn,
    EditionOut,
    NextEditionIn,
)
from services.register.routes.fields import NothingIn
from shared.paging import After, Limit
from shared.web import (
    ChangedSinceRead,
    Db,
    IfMatch,
    Now,
    OncePerRequest,
    Who,
    check_if_match,
    guarded_router,
    needs,
    page_body,
    said,
    with_etag,
)

router = guarded_router("directory")
PATH = "/v1/directory-drafts/{code}"


def _knowing(if_match: str | None) -> Callable[[SeenDraft | None], bool]:
    """Return what says whether the caller named the version that stands; raises ChangedSinceRead."""

    def check(held: SeenDraft | None) -> bool:
        if held is not None:
            check_if_match(if_match, DraftOut.of(held))
        elif if_match is not None:
            raise ChangedSinceRead
        return if_match is not None

    return check


def _draft_location(seen: SeenDraft) -> str:
    return f"/v1/directory-drafts/{seen.code}"


def _edition_location(seen: SeenEdition) -> str:
    return f"/v1/directory-editions/{seen.code}"


@router.post(
    "/v1/directory-drafts",
    operation_id="draftNextEdition",
    status_code=201,
    response_model=DraftOut,
    openapi_extra=needs("register:decide"),
)
async def draft_next(body: NextEditionIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Begin the next edition: a draft with all that the latest edition says."""
    once = maker.rendering(DraftOut.of, location=_draft_location)
    await drafts.draft_next(
        db,
        once,
        code=body.code,
        revision=body.revision,
        published_in=body.published_in,
        actor=who,
        now=now,
    )
    return said(once)


@router.get(
    "/v1/directory-drafts",
    operation_id="listDirectoryDrafts",
    response_model=DraftPage,
    openapi_extra=needs("register:decide"),
)
async def list_drafts(
    request: Request, response: Response, db: Db, who: Who, limit: Limit = 50, after: After = None
) -> DraftPage:
    """List the drafts that are being worked on."""
    page = await drafts.page(db, actor=who, after=after, limit=limit)
    body = DraftPage(items=[DraftHead.of(each) for each in page.items], next=page.next)
    answer: DraftPage = page_body(request, response, body, next_cursor=page.next)
    return answer


@router.get(
    PATH,
    operation_id="getDirectoryDraft",
    response_model=DraftOut,
    openapi_extra=needs("register:decide"),
)
async def get_draft(code: EditionCode, request: Request, db: Db, who: Who) -> Response:
    """Read a draft; its ETag is what an edit has to send."""
    return with_etag(request, DraftOut.of(await drafts.get(db, code=code, actor=who)))


@router.put(
    PATH,
    operation_id="saveDirectoryDraft",
    response_model=DraftOut,
    responses={201: {"model": DraftOut, "description": "The draft is new."}},
    openapi_extra=needs("register:decide"),
)
async def save_draft(
    code: EditionCode,
    body: EditionIn,
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    dry_run: Annotated[bool, Query(description="Check everything and keep nothing.")] = False,
    if_match: IfMatch = None,
) -> Response:
    """Take in an edition as one document: 201 where its draft is new, 200 where it was there.

    The same again changes nothing. A draft that is there is replaced only with its ETag as `If-Match`. What
    is wrong is told with a JSON pointer each. With `dry_run` everything is checked and nothing is kept.
    """
    seen, is_new = await drafts.save(
        db,
        code=code,
        content=body.model_dump(mode="json"),
        knows_version=_knowing(if_match),
        dry_run=dry_run,
        actor=who,
        now=now,
    )
    return with_etag(request, DraftOut.of(seen), status=201 if is_new and not dry_run else 200)


@router.post(
    f"{PATH}/publication",
    operation_id="publishDirectoryEdition",
    status_code=201,
    response_model=EditionOut,
    openapi_extra=needs("register:decide"),
)
async def publish_edition(
    code: EditionCode,
    maker: OncePerRequest,
    db: Db,
    who: Who,
    now: Now,
    body: NothingIn | None = None,
    if_match: IfMatch = None,
) -> Response:
    """Publish a draft on which others worked. It answers from then on, and never changes.

    With `If-Match`, only what was read is published.
    """
    once = maker.rendering(EditionOut.of, location=_edition_location)
    await drafts.publish(db, once, code=code, knows_version=_knowing(if_match), actor=who, now=now)
    return said(once)
