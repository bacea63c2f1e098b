"""Editions of the directory over HTTP, as they were published."""

from typing import Annotated

from fastapi import Path, Request, Response

from services.register.operations.directory import editions, table
from services.register.routes.directory.edition_bodies import EditionIn, EditionOut, EditionPage
from services.register.routes.fields import Code
from shared.paging import After, Limit
from shared.web import Db, guarded_router, page_body, with_etag

router = guarded_router("directory")

EditionCode = Annotated[Code, Path(description="The edition's code, such as 2008-09.")]


@router.get("/v1/directory-editions", operation_id="listDirectoryEditions", response_model=EditionPage)
async def list_editions(
    request: Request, response: Response, db: Db, limit: Limit = 50, after: After = None
) -> EditionPage:
    """List the published editions, the latest first."""
    page = await editions.page(db, after=after, limit=limit)
    body = EditionPage(items=[EditionOut.of(each) for each in page.items], next=page.next)
    answer: EditionPage = page_body(request, response, body, next_cursor=page.next)
    return answer


@router.get("/v1/directory-editions/{code}", operation_id="getDirectoryEdition", response_model=EditionIn)
async def get_edition(code: EditionCode, request: Request, db: Db) -> Response:
    """Read an edition as one document, in which the next one can be sent."""
    return with_etag(request, EditionIn.model_validate(await editions.get(db, code=code)))


@router.get(
    "/v1/directory-editions/{code}/table",
    operation_id="getDirectoryTable",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The table."}},
)
async def get_table(code: EditionCode, db: Db) -> Response:
    """Read an edition as CSV: a line for each award, with the facts of its course beside it."""
    return Response(
        await table.table(db, code=code),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="directory.csv"'},
    )
