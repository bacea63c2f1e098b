"""Yearly returns over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.cpd.operations import returns
from services.cpd.operations.returns import Declared, SeenReturn
from services.cpd.routes.entry_bodies import Text
from services.cpd.routes.fields import Body, Day, Hours, NumberText
from shared.paging import After, Limit
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, page_body, said

router = guarded_router("returns")


class ReturnIn(Body):
    """What a member declares of the year in which `day` lies: how much, and of what nature.

    Without `day` it is the year that is running.
    """

    number: NumberText
    day: Day | None = None
    hours: Hours | None = None
    nature: Text


class ReturnOut(BaseModel):
    """A yearly return; `late` where it came after its day."""

    id: int
    number: str
    association: str
    cycle_first: date
    cycle_last: date
    hours: float | None
    nature: str
    declared_on: date
    late: bool

    @classmethod
    def of(cls, held: SeenReturn) -> "ReturnOut":
        """Return the return as it is shown."""
        return cls(
            id=held.id,
            number=held.number,
            association=held.association,
            cycle_first=held.first,
            cycle_last=held.last,
            hours=None if held.hours is None else float(held.hours),
            nature=held.nature,
            declared_on=held.declared_on,
            late=held.late,
        )


class ReturnPage(BaseModel):
    """Some returns, and the cursor of the next page."""

    items: list[ReturnOut]
    next: str | None


@router.post(
    "/v1/returns",
    operation_id="declareReturn",
    status_code=201,
    response_model=ReturnOut,
    openapi_extra=needs("cpd:write"),
)
async def declare_return(body: ReturnIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Record a member's return of a year. Sent again it is amended; what was declared before is kept.

    It is all that associates are asked for. Members whose CPD is compulsory meet it by their entries.
    """
    once = maker.rendering(ReturnOut.of)
    declared = Declared(number=body.number, day=body.day, hours=body.hours, nature=body.nature)
    await returns.declare(db, once, declared=declared, actor=who, now=now)
    return said(once)


@router.get(
    "/v1/returns", operation_id="listReturns", response_model=ReturnPage, openapi_extra=needs("cpd:write")
)
async def list_returns(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    number: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    after: After = None,
) -> ReturnPage:
    """List the returns that were made to one's own association, of one member or of all."""
    page = await returns.page(db, number=number, actor=who, after=after, limit=limit)
    body = ReturnPage(items=[ReturnOut.of(held) for held in page.items], next=page.next)
    shown: ReturnPage = page_body(request, response, body, next_cursor=page.next)
    return shown
