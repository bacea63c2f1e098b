"""Practitioners over HTTP, each audience with its own view."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Header, Request, Response

from services.register.domain.rights.disclosure import Purpose
from services.register.operations import deciding_levels, practitioners
from services.register.routes.axes import KnownAt, ValidAt, only_these_parameters
from services.register.routes.fields import Number
from services.register.routes.practitioner_bodies import (
    DecidingLevelOut,
    PractitionersIn,
    PractitionersOut,
    SightOut,
    public_view,
    view_of,
)
from shared.disclosures import discloses
from shared.web import Db, Now, Who, etag_of, guarded_router, needs

router = guarded_router("practitioners")
IfNoneMatch = Annotated[str | None, Header(max_length=200)]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@router.get(
    "/v1/practitioners/{number}",
    operation_id="getPractitioner",
    response_model=SightOut,
    openapi_extra=discloses(Purpose.RECORD),
    responses={308: {"model": SightOut, "description": "Merged: Location names the number that is kept."}},
)
async def get_practitioner(
    number: Number,
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return a practitioner: anyone sees the public view, an association its own members in full.

    Of somebody who was never on the register, the public sees the verdict and nothing else. Memberships and
    holdings are those of `valid_at`, or of all days without it, as they were known at `known_at`.
    """
    only_these_parameters(request, "valid_at", "known_at")
    sight = await practitioners.look_up(
        db, number=number, valid_at=valid_at, known_at=known_at, actor=who, now=now
    )
    shown = SightOut(
        practitioner=view_of(sight.practitioner),
        valid_at=sight.axes.valid_at,
        known_at=sight.axes.said_at,
        journal_position=sight.head,
    )
    # The instant and the position move on while what is said of the practitioner stays the same.
    tag = etag_of(shown.model_copy(update={"known_at": known_at or EPOCH, "journal_position": 0}))
    headers = {"ETag": tag, "Cache-Control": "private, max-age=0, must-revalidate", "Vary": "Authorization"}
    if if_none_match is not None and tag in (part.strip() for part in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    kept = sight.practitioner.kept_number
    if kept is not None:
        query = f"?{request.url.query}" if request.url.query else ""
        headers["Location"] = f"/v1/practitioners/{kept}{query}"
    return Response(
        shown.model_dump_json(by_alias=True),
        status_code=200 if kept is None else 308,
        media_type="application/json",
        headers=headers,
    )


@router.post("/v1/practitioners/batch", operation_id="lookUpPractitioners", response_model=PractitionersOut)
async def look_up_practitioners(body: PractitionersIn, db: Db, now: Now) -> Response:
    """Return the public view of up to 1,000 numbers, in the order asked.

    A number that was never given out, or that is none, has its verdict too.
    """
    found = await practitioners.look_up_many(db, numbers=body.numbers, now=now)
    shown = PractitionersOut(items=[public_view(each) for each in found])
    return Response(shown.model_dump_json(by_alias=True), media_type="application/json")


@router.get(
    "/v1/practitioners/{number}/deciding-level",
    operation_id="getDecidingLevel",
    response_model=DecidingLevelOut,
    openapi_extra=needs("members:write", "register:decide"),
)
async def get_deciding_level(number: Number, db: Db, who: Who, now: Now) -> DecidingLevelOut:
    """Return the highest membership level that a person may hold, and what is missing for the next.

    An association asks about its own members; anybody else's number is to it as one never given out.
    """
    return DecidingLevelOut.of(await deciding_levels.read(db, number=number, actor=who, now=now))
