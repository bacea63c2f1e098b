"""Modules over HTTP: told by associations, read by anybody."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response

from services.cpd.operations.credits import tellings
from services.cpd.operations.credits.tellings import MODULE, SeenModule
from services.cpd.operations.standings import Axes
from services.cpd.routes.axes import KnownAt, ValidAt
from services.cpd.routes.credits.module_bodies import ModuleIn, ModuleOut, ModulePage, ModuleVersions, Version
from services.cpd.routes.fields import AssociationCode, Code, EntryId
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

router = guarded_router("credits")
PATH = "/v1/modules/by-external-id/{association}/{module_id}"


@router.get("/v1/modules", operation_id="listModules", response_model=ModulePage)
async def list_modules(
    request: Request,
    response: Response,
    db: Db,
    now: Now,
    association: Annotated[Code | None, Query()] = None,
    valid_at: ValidAt = None,
    limit: Limit = 50,
    after: After = None,
) -> ModulePage:
    """List the modules of every association, each in the version that is in effect on the day."""
    axes = Axes(valid_at=valid_at)
    page = await tellings.page(
        db, MODULE, association=association, axes=axes, after=after, limit=limit, now=now
    )
    body = ModulePage(items=[ModuleOut.of(each) for each in page.items], next=page.next)
    shown: ModulePage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.put(
    PATH,
    operation_id="upsertModule",
    response_model=ModuleOut,
    responses={201: {"model": ModuleOut, "description": "The version is new; Location names it."}},
    openapi_extra=needs("cpd:write"),
)
async def upsert_module(
    association: AssociationCode,
    module_id: EntryId,
    body: ModuleIn,
    db: Db,
    who: Who,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Bring a version of a module up to what you say: 201 where it is new, 200 where it was known.

    The same again changes nothing. Another `version` with a later `effective_from` takes over on that day,
    and those before it stay as they are.
    """
    written = await tellings.tell_module(
        db,
        association=association,
        code=module_id,
        module=body.told(),
        actor=who,
        now=now,
        expecting=lambda held: _check_precondition(held, if_match),
    )
    shown = ModuleOut.of(written.held)
    headers = {"ETag": etag_of(shown)}
    if written.created:
        place = PATH.format(association=association, module_id=quote(module_id, safe=""))
        headers["Location"] = f"{place}?version={quote(shown.version, safe='')}"
    return Response(
        shown.model_dump_json(),
        status_code=201 if written.created else 200,
        media_type="application/json",
        headers=headers,
    )


@router.get(PATH, operation_id="getModule", response_model=ModuleOut)
async def get_module(
    association: AssociationCode,
    module_id: EntryId,
    request: Request,
    db: Db,
    now: Now,
    version: Annotated[Version | None, Query(description="One version by name, whatever the day.")] = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> Response:
    """Return the version of a module in effect on the day, or the one named, withdrawn ones too."""
    held = await tellings.get(
        db,
        MODULE,
        association=association,
        code=module_id,
        version=version,
        axes=Axes(valid_at=valid_at, known_at=known_at),
        now=now,
    )
    return with_etag(request, ModuleOut.of(held))


@router.get(f"{PATH}/versions", operation_id="listModuleVersions", response_model=ModuleVersions)
async def list_module_versions(association: AssociationCode, module_id: EntryId, db: Db) -> ModuleVersions:
    """List every version of a module with its amendments, the oldest first."""
    found = await tellings.versions(db, MODULE, association=association, code=module_id)
    return ModuleVersions(items=[ModuleOut.of(each) for each in found])


def _check_precondition(held: SeenModule | None, if_match: str | None) -> None:
    if held is None:
        if if_match is not None:
            raise ChangedSinceRead
        return
    check_if_match(if_match, ModuleOut.of(held))
