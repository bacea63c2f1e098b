"""Sanctions over HTTP."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.register.domain.rights.disclosure import Purpose
from services.register.domain.sanction import SanctionKind, SanctionStatus
from services.register.operations import sanctions
from services.register.operations.sanctions import NewSanction, SeenSanction
from services.register.routes.fields import Body, Day, NumberText, Sentence
from shared.disclosures import PRIVATE, discloses
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("sanctions")


class SanctionIn(Body):
    """A sanction. Without `valid_from` it holds from today, without `valid_to` until it is lifted."""

    number: NumberText
    kind: SanctionKind
    public_reason: Sentence
    internal_reason: Sentence
    conditions: Sentence | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None


class LiftingIn(Body):
    """Why a sanction is lifted."""

    reason: Sentence


class SanctionOut(BaseModel):
    """A sanction as registrars see it. `valid_to` is the last day on which it holds."""

    id: int
    number: str
    kind: SanctionKind
    status: SanctionStatus
    public_reason: str
    internal_reason: Annotated[str, PRIVATE]
    conditions: str | None
    valid_from: date
    valid_to: date | None
    imposed_by: str
    imposed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    lifted_reason: Annotated[str | None, PRIVATE]

    @classmethod
    def of(cls, held: SeenSanction) -> "SanctionOut":
        """Return the sanction as it is shown."""
        sanction = held.sanction
        return cls(
            id=held.sanction_id,
            number=held.number,
            kind=sanction.kind,
            status=sanction.status,
            public_reason=sanction.public_reason,
            internal_reason=sanction.internal_reason,
            conditions=sanction.conditions,
            valid_from=sanction.valid_from,
            valid_to=sanction.valid_to,
            imposed_by=sanction.imposed_by,
            imposed_at=held.imposed_at,
            lifted_by=sanction.lifted_by,
            lifted_at=held.lifted_at,
            lifted_reason=held.lifted_reason,
        )


class SanctionPage(BaseModel):
    """Some sanctions, and the cursor of the next page."""

    items: list[SanctionOut]
    next: str | None


def _location(held: SeenSanction) -> str:
    return f"/v1/sanctions/{held.sanction_id}"


@router.post(
    "/v1/sanctions",
    operation_id="imposeSanction",
    status_code=201,
    response_model=SanctionOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.CONDUCT),
)
async def impose_sanction(body: SanctionIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Impose conditions, an interim suspension, a suspension or a removal. The next look-up shows it."""
    once = maker.rendering(SanctionOut.of, location=_location)
    wanted = NewSanction(
        number=body.number,
        kind=body.kind,
        public_reason=body.public_reason,
        internal_reason=body.internal_reason,
        conditions=body.conditions,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
    )
    await sanctions.impose(db, once, wanted=wanted, actor=who, now=now)
    return said(once)


@router.get(
    "/v1/sanctions/{sanction_id}",
    operation_id="getSanction",
    response_model=SanctionOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.CONDUCT),
)
async def get_sanction(sanction_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Read one sanction, its internal reason included."""
    held = await sanctions.get(db, sanction_id=sanction_id, actor=who)
    return with_etag(request, SanctionOut.of(held))


@router.get(
    "/v1/sanctions",
    operation_id="listSanctions",
    response_model=SanctionPage,
    openapi_extra=needs("register:decide") | discloses(Purpose.CONDUCT),
)
async def list_sanctions(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    number: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    after: After = None,
) -> SanctionPage:
    """List the sanctions of one person, or of everybody, in the order in which they were imposed."""
    page = await sanctions.page(db, number=number, actor=who, after=after, limit=limit)
    body = SanctionPage(items=[SanctionOut.of(held) for held in page.items], next=page.next)
    shown: SanctionPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.post(
    "/v1/sanctions/{sanction_id}/lifting",
    operation_id="liftSanction",
    status_code=201,
    response_model=SanctionOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.CONDUCT),
)
async def lift_sanction(
    sanction_id: Id, body: LiftingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Lift a sanction: it holds no longer from today on. A removal cannot be lifted."""
    once = maker.rendering(SanctionOut.of, location=_location)
    await sanctions.lift(db, once, sanction_id=sanction_id, reason=body.reason, actor=who, now=now)
    return said(once)
