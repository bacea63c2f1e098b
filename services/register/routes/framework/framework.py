"""The career progression framework over HTTP, for anyone, and for other sites to embed."""

from typing import Annotated

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel

from services.register.domain.framework.framework import MoveKind
from services.register.operations.framework import frameworks
from services.register.routes.axes import ValidAt, only_these_parameters
from services.register.routes.fields import Code
from services.register.routes.framework.bodies import CareerFrameworkOut, MovesOut, PlacedRoleOut
from shared.web import Db, Now, etag_of, guarded_router

router = guarded_router("career-framework")

# Any page may read what everybody may read: no cookie and no token is asked for, so none can be misused.
EMBEDDABLE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Cache-Control": "public, max-age=300",
}
Version = Annotated[
    Code | None, Query(description="The code of a version; the one in force on the day, if not said.")
]
RoleInPath = Annotated[Code, Path(description="The code of a role of the framework.")]
RoleAsked = Annotated[Code | None, Query(description="Only moves that begin, or end, at this role.")]


def _embeddable(request: Request, content: BaseModel) -> Response:
    """Answer with an ETag and for any origin, or 304 where the caller has it already."""
    headers = {**EMBEDDABLE, "ETag": etag_of(content)}
    known = request.headers.get("if-none-match", "")
    if headers["ETag"] in (part.strip() for part in known.split(",")):
        return Response(status_code=304, headers=headers)
    body = content.model_dump_json(by_alias=True)
    return Response(body, media_type="application/json", headers=headers)


@router.get("/v1/career-framework", operation_id="getCareerFramework", response_model=CareerFrameworkOut)
async def get_framework(
    request: Request, db: Db, now: Now, version: Version = None, valid_at: ValidAt = None
) -> Response:
    """Return the career progression framework: versions, roles, moves and pathways as one document.

    Anyone may read it, and any site may embed it.
    """
    only_these_parameters(request, "version", "valid_at")
    found = await frameworks.get(db, version=version, valid_at=valid_at, now=now)
    return _embeddable(request, CareerFrameworkOut.of(found))


@router.get("/v1/career-framework/roles/{code}", operation_id="getCareerRole", response_model=PlacedRoleOut)
async def get_role(
    code: RoleInPath,
    request: Request,
    db: Db,
    now: Now,
    version: Version = None,
    valid_at: ValidAt = None,
) -> Response:
    """Return a role: what it requires, where it leads, and what leads to it."""
    only_these_parameters(request, "version", "valid_at")
    found = await frameworks.get_role(db, code=code, version=version, valid_at=valid_at, now=now)
    return _embeddable(request, PlacedRoleOut.of(found))


@router.get("/v1/career-framework/moves", operation_id="listCareerMoves", response_model=MovesOut)
async def list_moves(
    request: Request,
    db: Db,
    now: Now,
    start: Annotated[RoleAsked, Query(alias="from")] = None,
    end: Annotated[RoleAsked, Query(alias="to")] = None,
    kind: Annotated[MoveKind | None, Query(description="Only moves of this kind.")] = None,
    version: Version = None,
    valid_at: ValidAt = None,
) -> Response:
    """List the moves between roles, upwards and sideways."""
    only_these_parameters(request, "from", "to", "kind", "version", "valid_at")
    used, found = await frameworks.moves(
        db, start=start, end=end, kind=kind, version=version, valid_at=valid_at, now=now
    )
    return _embeddable(request, MovesOut.model_validate({"version": used, "items": found}))
