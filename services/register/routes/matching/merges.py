"""Merges over HTTP: two numbers found to be one person's, and the finding undone."""

from datetime import datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, Field

from services.register.domain.matching.joining import MergeStatus, Survivor
from services.register.domain.rights.disclosure import Purpose
from services.register.operations.matching import merges
from services.register.operations.matching.merges import NewMerge, SeenMerge
from services.register.routes.fields import Body, NumberText, Sentence
from shared.disclosures import PRIVATE, discloses
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("merges")


class MergeIn(Body):
    """Which number is kept and which leads to it from today on.

    Where the two records differ, the details are shown as the kept one has them, but for those in `survives`.
    """

    kept_number: NumberText
    retired_number: NumberText
    survives: Annotated[list[Survivor], Field(max_length=len(Survivor))] = Field(default_factory=list)
    reason: Sentence


class UndoingIn(Body):
    """Why the two are two people after all."""

    reason: Sentence


class MergeOut(BaseModel):
    """A merge as registrars see it; undone, it holds for no day at all."""

    id: int
    status: MergeStatus
    kept_number: str
    retired_number: str
    survives: list[Survivor]
    reason: Annotated[str, PRIVATE]
    merged_by: str
    merged_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    undone_reason: Annotated[str | None, PRIVATE]

    @classmethod
    def of(cls, seen: SeenMerge) -> "MergeOut":
        """Return the merge as it is shown."""
        held = seen.held
        return cls(
            id=held.merge_id,
            status=held.status,
            kept_number=held.kept_number,
            retired_number=held.retired_number,
            survives=list(held.survives),
            reason=held.reason,
            merged_by=held.merged_by,
            merged_at=held.merged_at,
            undone_by=held.undone_by,
            undone_at=held.undone_at,
            undone_reason=held.undone_reason,
        )


class StayedOut(BaseModel):
    """A `sanction`, `register_entry` or `licence` written while the two were one, and with whom it stays."""

    kind: str
    id: int
    number: str


class PartedOut(MergeOut):
    """A merge that has just been undone.

    What was imposed or granted meanwhile stays with the number that it was written under, even where it may
    be the other's: `stayed` lists it, for you to look at.
    """

    stayed: list[StayedOut]

    @classmethod
    def of(cls, seen: SeenMerge) -> "PartedOut":
        """Return the undone merge as it is shown."""
        stayed = [StayedOut(kind=each.kind, id=each.fact_id, number=each.number) for each in seen.stayed]
        return cls(**MergeOut.of(seen).model_dump(), stayed=stayed)


class MergePage(BaseModel):
    """Some merges, and the cursor of the next page."""

    items: list[MergeOut]
    next: str | None


def _location(seen: SeenMerge) -> str:
    return f"/v1/merges/{seen.held.merge_id}"


@router.post(
    "/v1/merges",
    operation_id="mergePeople",
    status_code=201,
    response_model=MergeOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.DUPLICATES),
)
async def merge_people(body: MergeIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Merge two numbers. Nothing is rewritten: every fact of both stands, read under the kept number."""
    once = maker.rendering(MergeOut.of, location=_location)
    wanted = NewMerge(
        kept_number=body.kept_number,
        retired_number=body.retired_number,
        survives=frozenset(body.survives),
        reason=body.reason,
    )
    await merges.merge(db, once, wanted=wanted, actor=who, now=now)
    return said(once)


@router.get(
    "/v1/merges/{merge_id}",
    operation_id="getMerge",
    response_model=MergeOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.DUPLICATES),
)
async def get_merge(merge_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Read one merge, whether it stands or was undone."""
    return with_etag(request, MergeOut.of(await merges.get(db, merge_id=merge_id, actor=who)))


@router.get(
    "/v1/merges",
    operation_id="listMerges",
    response_model=MergePage,
    openapi_extra=needs("register:decide") | discloses(Purpose.DUPLICATES),
)
async def list_merges(
    request: Request, response: Response, db: Db, who: Who, limit: Limit = 50, after: After = None
) -> MergePage:
    """List merges in the order in which they were made, undone ones among them."""
    page = await merges.page(db, actor=who, after=after, limit=limit)
    body = MergePage(items=[MergeOut.of(each) for each in page.items], next=page.next)
    shown: MergePage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.post(
    "/v1/merges/{merge_id}/undoing",
    operation_id="undoMerge",
    status_code=201,
    response_model=PartedOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.DUPLICATES),
)
async def undo_merge(
    merge_id: Id, body: UndoingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Undo another registrar's merge: both numbers are people of their own again, as if it had never been.

    A licence that rests on what is the other's now is suspended in the same step.
    """
    once = maker.rendering(PartedOut.of, location=_location)
    await merges.undo(db, once, merge_id=merge_id, reason=body.reason, actor=who, now=now)
    return said(once)
