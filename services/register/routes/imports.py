"""Imports over HTTP: a member file goes in, progress and files of outcomes come out."""

from typing import Annotated, Any

from fastapi import Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.register.operations import import_outcomes, imports
from services.register.operations.import_outcomes import OutcomeFile
from services.register.routes import import_mappings
from services.register.routes.import_bodies import ImportList, ImportOut, MappingName
from services.register.routes.import_files import LARGEST_REQUEST, REQUEST_BODY, read_sent
from shared.paging import After, Limit
from shared.web import (
    Db,
    Id,
    Now,
    OnceMaker,
    OncePerRequest,
    Who,
    guarded_router,
    needs,
    page_body,
    said,
    with_etag,
)

router = guarded_router("imports")
router.include_router(import_mappings.router)

CSV = {
    "content": {"text/csv": {"schema": {"type": "string"}}},
    "description": "The rows as a file, in UTF-8 with a mark that Excel understands.",
}
FILE_ANSWERS: dict[int | str, dict[str, Any]] = {200: CSV}


def location(made: Any) -> str:
    """Return where an import is read."""
    return f"/v1/imports/{made.id}"


@router.post(
    "/v1/imports",
    operation_id="submitImport",
    status_code=202,
    response_model=ImportOut,
    openapi_extra={
        **needs("members:write", largest_body=LARGEST_REQUEST),
        "requestBody": REQUEST_BODY,
    },
)
async def submit_import(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    mapping: Annotated[MappingName | None, Query(description="The name of a saved mapping.")] = None,
    dry_run: Annotated[bool, Query(description="Check every row and write nothing.")] = False,
    file_name: Annotated[str | None, Query(max_length=200)] = None,
    key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Response:
    """Take in a member file: CSV or Excel, at most 25 MB and 100,000 rows.

    A file that cannot be used as a whole is refused here, with a sentence saying what to mend. Otherwise its
    rows are worked on in the background: follow `Location`. With a form, `mapping` may also be a mapping as
    JSON, which is not saved.
    """
    sent = await read_sent(request, mapping=mapping, dry_run=dry_run, file_name=file_name)
    once = OnceMaker(request, key, sent.identity()).rendering(ImportOut.of, status=202, location=location)
    await imports.submit(
        db,
        once,
        content=sent.content,
        file_name=sent.file_name,
        mapping=sent.mapping,
        dry_run=sent.dry_run,
        actor=who,
        now=now,
    )
    return said(once)


@router.get(
    "/v1/imports",
    operation_id="listImports",
    response_model=ImportList,
    openapi_extra=needs("members:write"),
)
async def list_imports(
    request: Request, response: Response, db: Db, who: Who, after: After = None, limit: Limit = 50
) -> Any:
    """List one's own association's imports, newest first."""
    page = await imports.page(db, actor=who, after=after, limit=limit)
    body = ImportList(items=[ImportOut.of(each) for each in page.items], next=page.next)
    return page_body(request, response, body, next_cursor=page.next)


@router.get(
    "/v1/imports/{import_id}",
    operation_id="getImport",
    response_model=ImportOut,
    openapi_extra=needs("members:write"),
)
async def get_import(import_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Tell how far an import has come and what its rows came to."""
    return with_etag(request, ImportOut.of(await imports.get(db, import_id=import_id, actor=who)))


@router.get(
    "/v1/imports/{import_id}/successful",
    operation_id="getImportSuccessful",
    response_class=StreamingResponse,
    responses=FILE_ANSWERS,
    openapi_extra=needs("members:write"),
)
async def get_successful(import_id: Id, db: Db, who: Who, now: Now) -> StreamingResponse:
    """Give the rows that were created, changed or unchanged, with their registration numbers."""
    return await _file(db, who, now, import_id, OutcomeFile.SUCCESSFUL)


@router.get(
    "/v1/imports/{import_id}/failed",
    operation_id="getImportFailed",
    response_class=StreamingResponse,
    responses=FILE_ANSWERS,
    openapi_extra=needs("members:write"),
)
async def get_failed(import_id: Id, db: Db, who: Who, now: Now) -> StreamingResponse:
    """Give the rows that cannot be used, each with what to mend; the mended file may be sent as it is."""
    return await _file(db, who, now, import_id, OutcomeFile.FAILED)


@router.get(
    "/v1/imports/{import_id}/unprocessed",
    operation_id="getImportUnprocessed",
    response_class=StreamingResponse,
    responses=FILE_ANSWERS,
    openapi_extra=needs("members:write"),
)
async def get_unprocessed(import_id: Id, db: Db, who: Who, now: Now) -> StreamingResponse:
    """Give the rows that were not worked on, yet or ever."""
    return await _file(db, who, now, import_id, OutcomeFile.UNPROCESSED)


@router.post(
    "/v1/imports/{import_id}/cancellation",
    operation_id="cancelImport",
    response_model=ImportOut,
    openapi_extra=needs("members:write"),
)
async def cancel_import(import_id: Id, db: Db, who: Who, now: Now, maker: OncePerRequest) -> Response:
    """Stop an import: the rows that are done stay done."""
    once = maker.rendering(ImportOut.of, status=200)
    await imports.cancel(db, once, import_id=import_id, actor=who, now=now)
    return said(once)


async def _file(db: Db, who: Who, now: Now, import_id: int, which: OutcomeFile) -> StreamingResponse:
    made = await import_outcomes.opened(db, import_id=import_id, which=which, actor=who, now=now)
    name = f"import-{import_id}-{which.value}.csv"
    return StreamingResponse(
        import_outcomes.lines(db, made, which),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
