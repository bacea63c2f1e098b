"""Decisions over HTTP: reported by panels, and read by the public once they are final."""

from datetime import date, datetime

from fastapi import Request, Response
from pydantic import BaseModel

from services.register.domain.conduct.decision import AppealRuling, ComplaintOutcome, Decision
from services.register.domain.rights.disclosure import Purpose
from services.register.operations.conduct import publications, rulings
from services.register.operations.conduct.publications import Published
from services.register.routes.axes import KnownAt, ValidAt, only_these_parameters
from services.register.routes.conduct.bodies import AppealDecisionIn, ComplaintDecisionIn
from services.register.routes.conduct.views import ComplaintOut, complaint_out
from services.register.routes.fields import Number
from shared.disclosures import discloses
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, said

router = guarded_router("complaints")


class PublishedDecisionOut(BaseModel):
    """What the public may read of a final decision. `published_to` is the last day, null without end."""

    outcome: ComplaintOutcome
    public_summary: str
    code_version: str | None
    principles: list[str]
    conduct_on: date
    decided_on: date
    published_from: date
    published_to: date | None

    @classmethod
    def of(cls, published: Published) -> "PublishedDecisionOut":
        """Return the decision as it is shown."""
        return cls.model_validate(published, from_attributes=True)


class PublishedDecisionsOut(BaseModel):
    """The decisions published about one person on a day, newest first."""

    number: str
    items: list[PublishedDecisionOut]
    valid_at: date
    known_at: datetime
    notes: list[str]


@router.post(
    "/v1/complaints/{complaint_id}/decisions",
    operation_id="decideComplaint",
    status_code=201,
    response_model=ComplaintOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.CONDUCT),
)
async def decide_complaint(
    complaint_id: Id, body: ComplaintDecisionIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Report what the panel decided, as one of its members.

    A sanction is imposed in the same step, unless the policy lets its kind wait for the appeal.
    """
    once = maker.rendering(complaint_out)
    decision = Decision(
        outcome=body.outcome,
        reasons=body.reasons,
        public_summary=body.public_summary,
        conditions=body.conditions,
        sanction_days=body.sanction_days,
        review_on=body.review_on,
    )
    await rulings.decide(
        db,
        once,
        complaint_id=complaint_id,
        decision=decision,
        members=body.members,
        actor=who,
        now=now,
    )
    return said(once)


@router.post(
    "/v1/complaints/{complaint_id}/appeal-decisions",
    operation_id="decideAppeal",
    status_code=201,
    response_model=ComplaintOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.CONDUCT),
)
async def decide_appeal(
    complaint_id: Id, body: AppealDecisionIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Report what the appeal panel decided, as one of its members: the decision is final, or falls."""
    once = maker.rendering(complaint_out)
    await rulings.decide_appeal(
        db,
        once,
        complaint_id=complaint_id,
        ruling=AppealRuling(outcome=body.outcome, reasons=body.reasons, members=tuple(body.members)),
        actor=who,
        now=now,
    )
    return said(once)


@router.get(
    "/v1/practitioners/{number}/decisions",
    operation_id="listPublishedDecisions",
    response_model=PublishedDecisionsOut,
)
async def list_published_decisions(
    number: Number,
    request: Request,
    db: Db,
    now: Now,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> PublishedDecisionsOut:
    """List the final decisions about a practitioner that are published; nothing undecided is there."""
    only_these_parameters(request, "valid_at", "known_at")
    found = await publications.read(db, number=number, valid_at=valid_at, known_at=known_at, now=now)
    return PublishedDecisionsOut(
        number=found.number,
        items=[PublishedDecisionOut.of(each) for each in found.items],
        valid_at=found.axes.valid_at,
        known_at=found.axes.said_at,
        notes=list(found.axes.notes),
    )
