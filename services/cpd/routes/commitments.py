"""Commitments to CPD over HTTP."""

from datetime import date

from fastapi import Request, Response
from pydantic import BaseModel

from services.cpd.domain.policy import CommitmentAsk
from services.cpd.operations import commitments
from services.cpd.operations.commitments import SeenCommitment
from services.cpd.routes.fields import Body, Code, Day, NumberText
from shared.paging import After, Limit
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, page_body, said

router = guarded_router("commitments")


class CommitmentIn(Body):
    """A member committed to CPD, on this day, in the words of a version."""

    number: NumberText
    wording_version: Code
    committed_on: Day


class CommitmentOut(BaseModel):
    """Whether a member has committed to CPD, when and in which words; `asked` is invited or required."""

    number: str
    asked: CommitmentAsk | None
    committed: bool
    wording_version: str | None
    committed_on: date | None

    @classmethod
    def of(cls, seen: SeenCommitment) -> "CommitmentOut":
        """Return the commitment as it is shown."""
        held = seen.commitment
        return cls(
            number=seen.number,
            asked=seen.asked,
            committed=held is not None,
            wording_version=held.wording_version if held else None,
            committed_on=held.committed_on if held else None,
        )


class CommitmentPage(BaseModel):
    """Some members, and the cursor of the next page."""

    items: list[CommitmentOut]
    next: str | None


@router.post(
    "/v1/commitments",
    operation_id="declareCommitment",
    status_code=201,
    response_model=CommitmentOut,
    openapi_extra=needs("cpd:write"),
)
async def declare_commitment(
    body: CommitmentIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Record that a member of one's own association committed to CPD; once for each wording."""
    once = maker.rendering(CommitmentOut.of)
    await commitments.declare(
        db,
        once,
        number=body.number,
        wording_version=body.wording_version,
        committed_on=body.committed_on,
        actor=who,
        now=now,
    )
    return said(once)


@router.get(
    "/v1/commitments",
    operation_id="listCommitments",
    response_model=CommitmentPage,
    openapi_extra=needs("cpd:write"),
)
async def list_commitments(
    request: Request, response: Response, db: Db, who: Who, now: Now, limit: Limit = 50, after: After = None
) -> CommitmentPage:
    """List the members of one's own association by number, and who of them has committed."""
    page = await commitments.page(db, actor=who, after=after, limit=limit, now=now)
    body = CommitmentPage(items=[CommitmentOut.of(seen) for seen in page.items], next=page.next)
    shown: CommitmentPage = page_body(request, response, body, next_cursor=page.next)
    return shown
