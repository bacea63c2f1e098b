"""Possible duplicates over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.register.domain.merging import DuplicateStatus
from services.register.domain.rights.disclosure import Purpose
from services.register.operations import possible_duplicates
from services.register.operations.possible_duplicates import Decision, DuplicateOutcome, SeenDuplicate
from services.register.routes.fields import Body, NumberText, Sentence
from shared.disclosures import PRIVATE, discloses
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said

router = guarded_router("possible-duplicates")


class DuplicateDecisionIn(Body):
    """Whether two records are one person; if they are, `kept_number` may say which number stays."""

    outcome: DuplicateOutcome
    kept_number: NumberText | None = None
    reason: Sentence


class PossibleDuplicateOut(BaseModel):
    """Two numbers that may be one person's, and what was decided."""

    id: int
    first_number: str
    second_number: str
    reason: Annotated[str, PRIVATE]
    found_at: datetime
    status: DuplicateStatus
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: Annotated[str | None, PRIVATE]

    @classmethod
    def of(cls, seen: SeenDuplicate) -> "PossibleDuplicateOut":
        """Return the possible duplicate as it is shown."""
        return cls(
            id=seen.duplicate_id,
            first_number=seen.first_number,
            second_number=seen.second_number,
            reason=seen.reason,
            found_at=seen.found_at,
            status=seen.status,
            decided_by=seen.decided_by,
            decided_at=seen.decided_at,
            decision_reason=seen.decision_reason,
        )


class PossibleDuplicatePage(BaseModel):
    """Some possible duplicates, and the cursor of the next page."""

    items: list[PossibleDuplicateOut]
    next: str | None


@router.get(
    "/v1/possible-duplicates",
    operation_id="listPossibleDuplicates",
    response_model=PossibleDuplicatePage,
    openapi_extra=needs("register:decide") | discloses(Purpose.DUPLICATES),
)
async def list_possible_duplicates(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    status: Annotated[DuplicateStatus | None, Query()] = None,
    limit: Limit = 50,
    after: After = None,
) -> PossibleDuplicatePage:
    """List records that may be one person, in the order in which they were found."""
    page = await possible_duplicates.page(db, status=status, actor=who, after=after, limit=limit)
    items = [PossibleDuplicateOut.of(each) for each in page.items]
    body = PossibleDuplicatePage(items=items, next=page.next)
    shown: PossibleDuplicatePage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.post(
    "/v1/possible-duplicates/{duplicate_id}/decisions",
    operation_id="decidePossibleDuplicate",
    status_code=201,
    response_model=PossibleDuplicateOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.DUPLICATES),
)
async def decide_possible_duplicate(
    duplicate_id: Id, body: DuplicateDecisionIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Decide that two records are one person, and join them under one number, or that they are two people."""
    once = maker.rendering(PossibleDuplicateOut.of)
    decision = Decision(outcome=body.outcome, kept_number=body.kept_number, reason=body.reason)
    await possible_duplicates.decide(
        db, once, duplicate_id=duplicate_id, decision=decision, actor=who, now=now
    )
    return said(once)
