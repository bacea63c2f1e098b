"""Work that counts for an award and as CPD, over HTTP: asked by an association, decided by the school."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from services.kitemark.domain.joined.reuse import ReuseEvent, ReuseState
from services.kitemark.operations.joined import reuses
from services.kitemark.operations.joined.reuses import ASSOCIATION, SCHOOL, SIDES, Asked, SeenReuse
from services.kitemark.routes.fields import Body, Code, NothingIn, Sentence
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("joined")
PATH = "/v1/award-reuses"


class AwardNamed(Body):
    """An award by its body's own id."""

    body: Code
    award_id: Code


class EntryNamed(Body):
    """An entry of the CPD log by its association's own id, as at `/v1/entries/by-external-id/…` of CPD."""

    association: Code
    entry_id: Code


class ReuseIn(Body):
    """The school, its award, the association's own id of the entry, and which work it is in a sentence."""

    urn: Code
    award: AwardNamed
    entry_id: Code
    work: Sentence

    def told(self) -> Asked:
        """Return what is asked."""
        return Asked(
            urn=self.urn,
            award_body=self.award.body,
            award_id=self.award.award_id,
            entry_id=self.entry_id,
            work=self.work,
        )


class ReuseOut(BaseModel):
    """A reuse: the award and the entry that it ties together. The entry names it in its turn as evidence; who
    the practitioner is stands in the entry alone."""

    id: int
    urn: str
    award: AwardNamed
    entry: EntryNamed
    work: str
    state: ReuseState
    known_from: datetime

    @classmethod
    def of(cls, held: SeenReuse) -> "ReuseOut":
        """Return the reuse as its two sides see it."""
        told = held.reuse
        return cls(
            id=held.id,
            urn=told.urn,
            award=AwardNamed(body=told.award_body, award_id=told.award_id),
            entry=EntryNamed(association=told.association, entry_id=told.entry_id),
            work=told.work,
            state=told.state,
            known_from=held.known_from,
        )


class ReusePage(BaseModel):
    """Some reuses, and the cursor of the next page."""

    items: list[ReuseOut]
    next: str | None


def _location(held: SeenReuse) -> str:
    return f"{PATH}/{held.id}"


@router.post(
    PATH,
    operation_id="askAwardReuse",
    status_code=201,
    response_model=ReuseOut,
    openapi_extra=needs(ASSOCIATION),
)
async def ask_award_reuse(body: ReuseIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Ask a school to let work done for its award stand in a member's CPD log too."""
    once = maker.rendering(ReuseOut.of, location=_location)
    await reuses.ask(db, once, asked=body.told(), actor=who, now=now)
    return said(once)


@router.get(PATH, operation_id="listAwardReuses", response_model=ReusePage, openapi_extra=needs(*SIDES))
async def list_award_reuses(
    request: Request, response: Response, db: Db, who: Who, limit: Limit = 50, after: After = None
) -> ReusePage:
    """List the reuses of one's own school or association."""
    page = await reuses.page(db, actor=who, after=after, limit=limit)
    body = ReusePage(items=[ReuseOut.of(each) for each in page.items], next=page.next)
    shown: ReusePage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get(
    PATH + "/{id}", operation_id="getAwardReuse", response_model=ReuseOut, openapi_extra=needs(*SIDES)
)
async def get_award_reuse(id: Id, request: Request, db: Db, who: Who) -> Response:
    """Return a reuse to either of its sides."""
    return with_etag(request, ReuseOut.of(await reuses.get(db, id_=id, actor=who)))


def _moving(event: ReuseEvent) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def move_award_reuse(
        id: Id, body: NothingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
    ) -> Response:
        once = maker.rendering(ReuseOut.of, location=_location)
        await reuses.move(db, once, id_=id, event=event, actor=who, now=now)
        return said(once)

    return move_award_reuse


for _path, _operation, _event, _who, _description in (
    ("consent", "consentToAwardReuse", ReuseEvent.CONSENT, (SCHOOL,), "Consent, as the school."),
    ("refusal", "refuseAwardReuse", ReuseEvent.REFUSE, (SCHOOL,), "Refuse, as the school."),
    (
        "withdrawal",
        "withdrawAwardReuse",
        ReuseEvent.WITHDRAW,
        SIDES,
        "Take back what was asked, or a consent: either side may once there is one.",
    ),
):
    router.add_api_route(
        f"{PATH}/{{id}}/{_path}",
        _moving(_event),
        methods=["POST"],
        operation_id=_operation,
        status_code=201,
        response_model=ReuseOut,
        openapi_extra=needs(*_who),
        description=_description,
    )
