"""Gap analysis over HTTP: of a practitioner for those who know them, of anybody by what they type."""

from typing import Annotated

from fastapi import Query, Request

from services.register.operations.framework import gaps
from services.register.routes.axes import KnownAt, ValidAt, only_these_parameters
from services.register.routes.fields import Code, Number
from services.register.routes.framework.gap_bodies import CareerGapsIn, CareerGapsOut
from shared.web import Db, Now, Who, guarded_router, needs

router = guarded_router("career-framework")


@router.get(
    "/v1/practitioners/{number}/career-gaps",
    operation_id="getCareerGaps",
    response_model=CareerGapsOut,
    openapi_extra=needs("members:write", "register:decide"),
)
async def get_career_gaps(
    number: Number,
    role: Annotated[Code, Query(description="The code of a role of the framework.")],
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> CareerGapsOut:
    """Compare a practitioner with a role: what is held, what is missing, and what would close each gap.

    A registrar compares all that is held; an association its own members, by what it declared itself. Anybody
    else's number is to it as one never given out.
    """
    only_these_parameters(request, "role", "valid_at", "known_at")
    compared = await gaps.of_practitioner(
        db, number=number, role=role, valid_at=valid_at, known_at=known_at, actor=who, now=now
    )
    return CareerGapsOut.of(compared)


@router.post("/v1/career-gaps", operation_id="compareCareerGaps", response_model=CareerGapsOut)
async def compare_career_gaps(body: CareerGapsIn, db: Db, now: Now) -> CareerGapsOut:
    """Compare what somebody types in with a role. Nothing is kept; what is typed is taken for true."""
    compared = await gaps.of_anybody(
        db,
        role=body.role,
        typed=[each.typed() for each in body.holdings],
        competent=[(each.suite, each.standard) for each in body.competences],
        now=now,
    )
    return CareerGapsOut.of(compared)
