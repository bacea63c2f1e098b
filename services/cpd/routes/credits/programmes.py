"""Programmes over HTTP: told by associations, read by anybody."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response

from services.cpd.operations.credits import tellings
from services.cpd.operations.credits.tellings import PROGRAMME, SeenProgramme
from services.cpd.operations.standings import Axes
from services.cpd.routes.axes import KnownAt, ValidAt
from services.cpd.routes.credits.module_bodies import (
    ProgrammeIn,
    ProgrammeOut,
    ProgrammePage,
    ProgrammeVersions,
    Version,
)
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
PATH = "/v1/programmes/by-external-id/{association}/{programme_id}"


@router.get("/v1/programmes", operation_id="listProgrammes", response_model=ProgrammePage)
async def list_programmes(
    request: Request,
    response: Response,
    db: Db,
    now: Now,
    association: Annotated[Code | None, Query()] = None,
    valid_at: ValidAt = None,
    limit: Limit = 50,
    after: After = None,
) -> ProgrammePage:
    """List the programmes of every association, each in the version that is in effect on the day."""
    axes = Axes(valid_at=valid_at)
    page = await tellings.page(
        db, PROGRAMME, association=association, axes=axes, after=after, limit=limit, now=now
    )
    body = ProgrammePage(items=[ProgrammeOut.of(each) for each in page.items], next=page.next)
    shown: ProgrammePage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.put(
    PATH,
    operation_id="upsertProgramme",
    response_model=ProgrammeOut,
    responses={201: {"model": ProgrammeOut, "description": "The version is new; Location names it."}},
    openapi_extra=needs("cpd:write"),
)
async def upsert_programme(
    association: AssociationCode,
    programme_id: EntryId,
    body: ProgrammeIn,
    db: Db,
    who: Who,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Bring a version of a programme up to what you say: 201 where it is new, 200 where it was known.

    The same again changes nothing. Another `version` with a later `effective_from` takes over on that day,
    and those before it stay as they are.
    """
    written = await tellings.tell_programme(
        db,
        association=association,
        code=programme_id,
        programme=body.told(),
        actor=who,
        now=now,
        expecting=lambda held: _check_precondition(held, if_match),
    )
    shown = ProgrammeOut.of(written.held)
    headers = {"ETag": etag_of(shown)}
    if written.created:
        place = PATH.format(association=association, programme_id=quote(programme_id, safe=""))
        headers["Location"] = f"{place}?version={quote(shown.version, safe='')}"
    return Response(
        shown.model_dump_json(),
        status_code=201 if written.created else 200,
        media_type="application/json",
        headers=headers,
    )


@router.get(PATH, operation_id="getProgramme", response_model=ProgrammeOut)
async def get_programme(
    association: AssociationCode,
    programme_id: EntryId,
    request: Request,
    db: Db,
    now: Now,
    version: Annotated[Version | None, Query(description="One version by name, whatever the day.")] = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> Response:
    """Return the version of a programme in effect on the day, or the one named, withdrawn ones too."""
    held = await tellings.get(
        db,
        PROGRAMME,
        association=association,
        code=programme_id,
        version=version,
        axes=Axes(valid_at=valid_at, known_at=known_at),
        now=now,
    )
    return with_etag(request, ProgrammeOut.of(held))


@router.get(f"{PATH}/versions", operation_id="listProgrammeVersions", response_model=ProgrammeVersions)
async def list_programme_versions(
    association: AssociationCode, programme_id: EntryId, db: Db
) -> ProgrammeVersions:
    """List every version of a programme with its amendments, the oldest first."""
    found = await tellings.versions(db, PROGRAMME, association=association, code=programme_id)
    return ProgrammeVersions(items=[ProgrammeOut.of(each) for each in found])


def _check_precondition(held: SeenProgramme | None, if_match: str | None) -> None:
    if held is None:
        if if_match is not None:
            raise ChangedSinceRead
        return
    check_if_match(if_match, ProgrammeOut.of(held))
