"""Deferrals and exemptions over HTTP."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.cpd.domain.pause import Decision, PauseKind, PauseReason
from services.cpd.operations import pauses
from services.cpd.operations.pauses import SeenPause
from services.cpd.routes.entry_bodies import Text
from services.cpd.routes.fields import Body, Day, NumberText
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said

router = guarded_router("pauses")


class PauseIn(Body):
    """A deferral, which has a last day, or an exemption, which may go on; both days are included."""

    number: NumberText
    kind: PauseKind
    reason: PauseReason
    note: Text
    valid_from: Day
    valid_to: Day | None = None

    def read(self) -> Decision:
        """Return what is decided."""
        return Decision(
            kind=self.kind,
            reason=self.reason,
            note=self.note,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
        )


class EndingIn(Body):
    """The day that becomes the last one."""

    last_day: Day


class PauseOut(BaseModel):
    """A deferral or an exemption as those see it who decide."""

    id: int
    number: str
    kind: PauseKind
    reason: PauseReason
    note: str
    valid_from: date
    valid_to: date | None
    decided_by: str
    known_from: datetime

    @classmethod
    def of(cls, held: SeenPause) -> "PauseOut":
        """Return the decision as it is shown."""
        decision = held.decision
        return cls(
            id=held.id,
            number=held.number,
            kind=decision.kind,
            reason=decision.reason,
            note=decision.note,
            valid_from=decision.valid_from,
            valid_to=decision.valid_to,
            decided_by=held.decided_by,
            known_from=held.known_from,
        )


class PausePage(BaseModel):
    """Some decisions, and the cursor of the next page."""

    items: list[PauseOut]
    next: str | None


@router.post(
    "/v1/pauses",
    operation_id="decidePause",
    status_code=201,
    response_model=PauseOut,
    openapi_extra=needs("cpd:audit"),
)
async def decide_pause(body: PauseIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Decide that nothing is asked of somebody on some days. Its reason is told to nobody else."""
    once = maker.rendering(PauseOut.of)
    await pauses.decide(db, once, number=body.number, decision=body.read(), actor=who, now=now)
    return said(once)


@router.get(
    "/v1/pauses", operation_id="listPauses", response_model=PausePage, openapi_extra=needs("cpd:audit")
)
async def list_pauses(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    number: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    after: After = None,
) -> PausePage:
    """List deferrals and exemptions of one person, or of everybody, as they were decided."""
    page = await pauses.page(db, number=number, actor=who, after=after, limit=limit)
    body = PausePage(items=[PauseOut.of(held) for held in page.items], next=page.next)
    shown: PausePage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.post(
    "/v1/pauses/{pause_id}/ending",
    operation_id="endPause",
    status_code=201,
    response_model=PauseOut,
    openapi_extra=needs("cpd:audit"),
)
async def end_pause(
    pause_id: Id, body: EndingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """End a deferral or an exemption earlier than was decided."""
    once = maker.rendering(PauseOut.of)
    await pauses.end(db, once, pause_id=pause_id, last_day=body.last_day, actor=who, now=now)
    return said(once)
