"""Entries that are shown by their exact number only, over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.register.domain.rights.disclosure import Purpose
from services.register.operations.finding import unlistings
from services.register.operations.finding.unlistings import SeenUnlisting
from services.register.routes.fields import Body, NumberText, Sentence
from shared.disclosures import PRIVATE, discloses
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("unlistings")


class UnlistingIn(Body):
    """Whose entry is to be shown by its exact number only, and why. Registrars only read the reason."""

    number: NumberText
    reason: Sentence


class RelistingIn(Body):
    """Why the entry may be found by name again."""

    reason: Sentence


class UnlistingOut(BaseModel):
    """An unlisting as registrars see it."""

    id: int
    number: str
    reason: Annotated[str, PRIVATE]
    set_by: str
    set_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    lifted_reason: Annotated[str | None, PRIVATE]

    @classmethod
    def of(cls, held: SeenUnlisting) -> "UnlistingOut":
        """Return the unlisting as it is shown."""
        return cls(
            id=held.unlisting_id,
            number=held.number,
            reason=held.reason,
            set_by=held.set_by,
            set_at=held.set_at,
            lifted_by=held.lifted_by,
            lifted_at=held.lifted_at,
            lifted_reason=held.lifted_reason,
        )


class UnlistingPage(BaseModel):
    """Some unlistings, and the cursor of the next page."""

    items: list[UnlistingOut]
    next: str | None


def _location(held: SeenUnlisting) -> str:
    return f"/v1/unlistings/{held.unlisting_id}"


@router.post(
    "/v1/unlistings",
    operation_id="unlistEntry",
    status_code=201,
    response_model=UnlistingOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.RECORD),
)
async def unlist_entry(body: UnlistingIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Show somebody by their exact number only, for their safety. The next search finds them no longer."""
    once = maker.rendering(UnlistingOut.of, location=_location)
    await unlistings.begin(db, once, number=body.number, reason=body.reason, actor=who, now=now)
    return said(once)


@router.get(
    "/v1/unlistings/{unlisting_id}",
    operation_id="getUnlisting",
    response_model=UnlistingOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.RECORD),
)
async def get_unlisting(unlisting_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Read one unlisting, its reason included."""
    held = await unlistings.get(db, unlisting_id=unlisting_id, actor=who)
    return with_etag(request, UnlistingOut.of(held))


@router.get(
    "/v1/unlistings",
    operation_id="listUnlistings",
    response_model=UnlistingPage,
    openapi_extra=needs("register:decide") | discloses(Purpose.RECORD),
)
async def list_unlistings(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    number: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    after: After = None,
) -> UnlistingPage:
    """List the unlistings of one person, or of everybody, lifted ones too, in the order they were set."""
    page = await unlistings.page(db, number=number, actor=who, after=after, limit=limit)
    body = UnlistingPage(items=[UnlistingOut.of(held) for held in page.items], next=page.next)
    shown: UnlistingPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.post(
    "/v1/unlistings/{unlisting_id}/lifting",
    operation_id="liftUnlisting",
    status_code=201,
    response_model=UnlistingOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.RECORD),
)
async def lift_unlisting(
    unlisting_id: Id, body: RelistingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Let somebody be found by name again."""
    once = maker.rendering(UnlistingOut.of, location=_location)
    await unlistings.lift(db, once, unlisting_id=unlisting_id, reason=body.reason, actor=who, now=now)
    return said(once)
