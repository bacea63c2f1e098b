"""Complaints over HTTP, for registrars and for the associations through which members answer."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.register.domain.conduct.complaint import State, Step
from services.register.domain.rights.disclosure import Purpose
from services.register.operations.conduct import cases, examinations, rulings
from services.register.operations.conduct.cases import Wanted
from services.register.operations.conduct.examinations import Protection
from services.register.routes.conduct.bodies import (
    AnswerRequestIn,
    ConflictIn,
    IdentificationIn,
    InterimSuspensionIn,
    PanelIn,
    StepIn,
    WordsIn,
)
from services.register.routes.conduct.views import ComplaintOut, ComplaintPage, complaint_out
from services.register.routes.fields import NumberText
from shared.disclosures import discloses
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("complaints")
FOR_REGISTRARS = needs("register:decide") | discloses(Purpose.CONDUCT)
FOR_ASSOCIATIONS = needs("members:write") | discloses(Purpose.CONDUCT)
FOR_BOTH = needs("members:write", "register:decide") | discloses(Purpose.CONDUCT)


@router.get(
    "/v1/complaints", operation_id="listComplaints", response_model=ComplaintPage, openapi_extra=FOR_BOTH
)
async def list_complaints(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    now: Now,
    state: Annotated[State | None, Query()] = None,
    overdue: Annotated[bool, Query()] = False,
    review_due: Annotated[bool, Query()] = False,
    number: Annotated[NumberText | None, Query()] = None,
    limit: Limit = 50,
    after: After = None,
) -> ComplaintPage:
    """List complaints in the order of their receipt: `overdue` are those whose day has passed.

    An association sees those that it made or through which a member answers, and its side of them.
    """
    wanted = Wanted(state=state, overdue=overdue, review_due=review_due, number=number)
    page = await cases.page(db, wanted=wanted, actor=who, now=now, after=after, limit=limit)
    body = ComplaintPage(items=[complaint_out(each) for each in page.items], next=page.next)
    shown: ComplaintPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get(
    "/v1/complaints/{complaint_id}",
    operation_id="getComplaint",
    response_model=ComplaintOut,
    openapi_extra=FOR_BOTH,
)
async def get_complaint(complaint_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Read a complaint: whole as a registrar, one's side of it as an association that it concerns."""
    return with_etag(request, complaint_out(await cases.get(db, complaint_id=complaint_id, actor=who)))


@router.post(
    "/v1/complaints/{complaint_id}/steps",
    operation_id="moveComplaint",
    status_code=201,
    response_model=ComplaintOut,
    openapi_extra=FOR_REGISTRARS,
)
async def move_complaint(
    complaint_id: Id, body: StepIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Acknowledge a complaint, find whether it could be a breach and whether there is a case, or close it."""
    once = maker.rendering(complaint_out)
    if body.step is Step.CLOSE:
        await rulings.close(db, once, complaint_id=complaint_id, reason=body.reason, actor=who, now=now)
    else:
        await examinations.take(
            db, once, complaint_id=complaint_id, step=body.step, reason=body.reason, actor=who, now=now
        )
    return said(once)


@router.post(
    "/v1/complaints/{complaint_id}/identifications",
    operation_id="identifyComplaint",
    status_code=201,
    response_model=ComplaintOut,
    openapi_extra=FOR_REGISTRARS,
)
async def identify_complaint(
    complaint_id: Id, body: IdentificationIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Say whom a complaint is about that describes somebody."""
    once = maker.rendering(complaint_out)
    await examinations.identify(
        db, once, complaint_id=complaint_id, number=body.number, reason=body.reason, actor=who, now=now
    )
    return said(once)


@router.post(
    "/v1/complaints/{complaint_id}/answer-requests",
    operation_id="askMember",
    status_code=201,
    response_model=ComplaintOut,
    openapi_extra=FOR_REGISTRARS,
)
async def ask_member(
    complaint_id: Id, body: AnswerRequestIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Ask the member for an answer through an association; `due_on` says by when."""
    once = maker.rendering(complaint_out)
    await examinations.ask_member(
        db, once, complaint_id=complaint_id, association=body.association, actor=who, now=now
    )
    return said(once)


@router.post(
    "/v1/complaints/{complaint_id}/answers",
    operation_id="answerComplaint",
    status_code=201,
    response_model=ComplaintOut,
    openapi_extra=FOR_ASSOCIATIONS,
)
async def answer_complaint(
    complaint_id: Id, body: WordsIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Pass on the member's answer."""
    once = maker.rendering(complaint_out)
    await examinations.say_for_member(
        db, once, complaint_id=complaint_id, step=Step.ANSWER, words=body.words, actor=who, now=now
    )
    return said(once)


@router.post(
    "/v1/complaints/{complaint_id}/interim-suspensions",
    operation_id="suspendForComplaint",
    status_code=201,
    response_model=ComplaintOut,
    openapi_extra=FOR_REGISTRARS,
)
async def suspend_for_complaint(
    complaint_id: Id, body: InterimSuspensionIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Suspend the member until the complaint is decided. The suspension is public, the complaint is not."""
    once = maker.rendering(complaint_out)
    await examinations.protect(
        db,
        once,
        complaint_id=complaint_id,
        wanted=Protection(
            public_reason=body.public_reason,
            internal_reason=body.internal_reason,
            review_on=body.review_on,
        ),
        actor=who,
        now=now,
    )
    return said(once)


@router.post(
    "/v1/complaints/{complaint_id}/conflicts",
    operation_id="recordConflict",
    status_code=201,
    response_model=ComplaintOut,
    openapi_extra=FOR_REGISTRARS,
)
async def record_conflict(
    complaint_id: Id, body: ConflictIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Record a conflict of interest, one's own or another's: it bars from every part in this complaint."""
    once = maker.rendering(complaint_out)
    await examinations.declare_conflict(
        db, once, complaint_id=complaint_id, subject=body.subject, nature=body.nature, actor=who, now=now
    )
    return said(once)


@router.post(
    "/v1/complaints/{complaint_id}/panels",
    operation_id="convenePanel",
    status_code=201,
    response_model=ComplaintOut,
    openapi_extra=FOR_REGISTRARS,
)
async def convene_panel(
    complaint_id: Id, body: PanelIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Seat the panel; under appeal, the appeal panel, on which nobody of the first may sit."""
    once = maker.rendering(complaint_out)
    await examinations.convene(db, once, complaint_id=complaint_id, members=body.members, actor=who, now=now)
    return said(once)


@router.post(
    "/v1/complaints/{complaint_id}/appeals",
    operation_id="appeal",
    status_code=201,
    response_model=ComplaintOut,
    openapi_extra=FOR_ASSOCIATIONS,
)
async def appeal(
    complaint_id: Id, body: WordsIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Pass on the member's appeal against the decision, with its grounds."""
    once = maker.rendering(complaint_out)
    await examinations.say_for_member(
        db, once, complaint_id=complaint_id, step=Step.APPEAL, words=body.words, actor=who, now=now
    )
    return said(once)
