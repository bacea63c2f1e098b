"""Erasures over HTTP: one registrar proposes, another decides."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.register.domain.rights.erasure import ErasureDecision, ErasureStatus, Ground
from services.register.operations.rights import erasures
from services.register.operations.rights.erasures import SeenErasure
from services.register.routes.fields import Body, NumberText
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("rights")
DECIDE = needs("register:decide")


class ErasureIn(Body):
    """Who is to be erased, and on which ground."""

    number: NumberText
    ground: Ground


class ErasureDecisionIn(Body):
    """What another registrar decides."""

    decision: ErasureDecision


class ErasureOut(BaseModel):
    """An erasure. It is done in the moment in which it is confirmed."""

    id: int
    number: str
    ground: Ground
    status: ErasureStatus
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    policy_version: str | None

    @classmethod
    def of(cls, held: SeenErasure) -> "ErasureOut":
        """Return the erasure as it is shown."""
        return cls(
            id=held.erasure_id,
            number=held.number,
            ground=held.erasure.ground,
            status=held.erasure.status,
            proposed_by=held.erasure.proposed_by,
            proposed_at=held.proposed_at,
            decided_by=held.erasure.decided_by,
            decided_at=held.decided_at,
            policy_version=held.policy_version,
        )


class ErasurePage(BaseModel):
    """Some erasures, and the cursor of the next page."""

    items: list[ErasureOut]
    next: str | None


def _location(held: SeenErasure) -> str:
    return f"/v1/erasures/{held.erasure_id}"


@router.post(
    "/v1/erasures",
    operation_id="proposeErasure",
    status_code=201,
    response_model=ErasureOut,
    openapi_extra=DECIDE,
)
async def propose_erasure(body: ErasureIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Propose to erase a person whom the register does not have to keep."""
    once = maker.rendering(ErasureOut.of, location=_location)
    await erasures.propose(db, once, number=body.number, ground=body.ground, actor=who, now=now)
    return said(once)


@router.get("/v1/erasures", operation_id="listErasures", response_model=ErasurePage, openapi_extra=DECIDE)
async def list_erasures(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    status: Annotated[ErasureStatus | None, Query(description="Only erasures that stand so.")] = None,
    limit: Limit = 50,
    after: After = None,
) -> ErasurePage:
    """List erasures in the order in which they were proposed."""
    page = await erasures.page(db, status=status, actor=who, after=after, limit=limit)
    body = ErasurePage(items=[ErasureOut.of(held) for held in page.items], next=page.next)
    shown: ErasurePage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get(
    "/v1/erasures/{erasure_id}",
    operation_id="getErasure",
    response_model=ErasureOut,
    openapi_extra=DECIDE,
)
async def get_erasure(erasure_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Read one erasure."""
    return with_etag(request, ErasureOut.of(await erasures.get(db, erasure_id=erasure_id, actor=who)))


@router.post(
    "/v1/erasures/{erasure_id}/decisions",
    operation_id="decideErasure",
    status_code=201,
    response_model=ErasureOut,
    openapi_extra=DECIDE,
)
async def decide_erasure(
    erasure_id: Id, body: ErasureDecisionIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Confirm or decline an erasure that another registrar proposed. Confirmed, it cannot be undone."""
    once = maker.rendering(ErasureOut.of, location=_location)
    await erasures.decide(db, once, erasure_id=erasure_id, decision=body.decision, actor=who, now=now)
    return said(once)
