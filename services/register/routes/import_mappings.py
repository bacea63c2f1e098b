"""Saved mappings of columns over HTTP."""

from typing import Any

from fastapi import Request, Response

from services.register.operations import imports
from services.register.routes.import_bodies import MappingBody, MappingList, MappingName, MappingOut
from shared.paging import After, Limit
from shared.web import (
    Db,
    IfMatch,
    Now,
    Who,
    check_if_match,
    guarded_router,
    needs,
    page_body,
    with_etag,
)

router = guarded_router("imports")
PATH = "/v1/import-mappings/{name}"


@router.put(
    PATH,
    operation_id="saveImportMapping",
    response_model=MappingOut,
    responses={201: {"model": MappingOut, "description": "The name is new."}},
    openapi_extra=needs("members:write"),
)
async def save_mapping(
    name: MappingName,
    body: MappingBody,
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Keep a mapping of columns under a name: 201 where the name is new, 200 where it was known.

    The same again changes nothing.
    """
    if if_match is not None:
        held = await imports.get_mapping(db, name=name, actor=who)
        check_if_match(if_match, MappingOut.of(name, held))
    mapping, is_new = await imports.save_mapping(db, name=name, body=body.model_dump(), actor=who, now=now)
    return with_etag(request, MappingOut.of(name, mapping), status=201 if is_new else 200)


@router.get(
    PATH,
    operation_id="getImportMapping",
    response_model=MappingOut,
    openapi_extra=needs("members:write"),
)
async def get_mapping(name: MappingName, request: Request, db: Db, who: Who) -> Response:
    """Read back a mapping of one's own association."""
    return with_etag(request, MappingOut.of(name, await imports.get_mapping(db, name=name, actor=who)))


@router.get(
    "/v1/import-mappings",
    operation_id="listImportMappings",
    response_model=MappingList,
    openapi_extra=needs("members:write"),
)
async def list_mappings(
    request: Request, response: Response, db: Db, who: Who, after: After = None, limit: Limit = 50
) -> Any:
    """List one's own association's mappings, by name."""
    page = await imports.page_of_mappings(db, actor=who, after=after, limit=limit)
    body = MappingList(items=[MappingOut.of(*each) for each in page.items], next=page.next)
    return page_body(request, response, body, next_cursor=page.next)
