"""What followed from CPD audits over HTTP: read by registrars, and decided where it is only proposed."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, Field

from services.register.domain.cpd_outcomes.outcome import CpdConsequence, CpdFinding, Effect, Ruling
from services.register.domain.rights.disclosure import Purpose
from services.register.operations.cpd_outcomes import consequences
from services.register.operations.cpd_outcomes.consequences import SeenOutcome
from services.register.routes.fields import Body, Sentence
from services.register.routes.reference_bodies import Titled
from shared.disclosures import PRIVATE, discloses
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("CPD outcomes")
REGISTRAR = needs("register:decide") | discloses(Purpose.CONDUCT)


class OutcomeTermsOut(BaseModel):
    """What follows from a failed audit; null days let the licence run to its end, at which it lapses."""

    version: str
    effective_from: date
    consequence: CpdConsequence
    public_reason: str
    conditions: str
    rests_after_days: int | None
    source: str


class OutcomePolicyOut(Titled):
    """A version of what follows from a failed audit."""

    status: str
    policy: OutcomeTermsOut


class CpdOutcomeDecisionIn(Body):
    """What a registrar decides on a proposal, and why."""

    ruling: Ruling
    reasons: Annotated[Sentence, Field(min_length=1)]


class OutcomeOut(BaseModel):
    """A line of CPD and what followed; `over` where CPD took the finding back or it was made good."""

    id: int
    number: str
    case: Annotated[int, PRIVATE]
    finding: Annotated[CpdFinding, PRIVATE]
    effect: Annotated[Effect, PRIVATE]
    sanctions: list[int]
    policy_version: str
    heard_at: datetime
    ruling: Annotated[Ruling | None, PRIVATE]
    reasons: Annotated[str | None, PRIVATE]
    decided_by: str | None
    decided_at: datetime | None
    over: bool

    @classmethod
    def of(cls, held: SeenOutcome) -> "OutcomeOut":
        """Return the outcome as it is shown."""
        return cls(
            id=held.id,
            number=held.number,
            case=held.case,
            finding=held.finding,
            effect=held.effect,
            sanctions=list(held.sanction_ids),
            policy_version=held.policy_version,
            heard_at=held.heard_at,
            ruling=held.ruling,
            reasons=held.reasons,
            decided_by=held.decided_by,
            decided_at=held.decided_at,
            over=held.over,
        )


class OutcomePage(BaseModel):
    """Some outcomes, and the cursor of the next page."""

    items: list[OutcomeOut]
    next: str | None


@router.get(
    "/v1/cpd-outcomes",
    operation_id="listCpdOutcomes",
    response_model=OutcomePage,
    openapi_extra=REGISTRAR,
)
async def list_cpd_outcomes(
    request: Request, response: Response, db: Db, who: Who, limit: Limit = 50, after: After = None
) -> OutcomePage:
    """List what was heard of CPD audits and what followed, oldest first."""
    page = await consequences.page(db, actor=who, after=after, limit=limit)
    body = OutcomePage(items=[OutcomeOut.of(held) for held in page.items], next=page.next)
    shown: OutcomePage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get(
    "/v1/cpd-outcomes/{outcome_id}",
    operation_id="getCpdOutcome",
    response_model=OutcomeOut,
    openapi_extra=REGISTRAR,
)
async def get_cpd_outcome(outcome_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Return what was heard and what followed."""
    return with_etag(request, OutcomeOut.of(await consequences.get(db, outcome_id=outcome_id, actor=who)))


@router.post(
    "/v1/cpd-outcomes/{outcome_id}/decisions",
    operation_id="decideCpdOutcome",
    status_code=201,
    response_model=OutcomeOut,
    openapi_extra=REGISTRAR,
)
async def decide_cpd_outcome(
    outcome_id: Id, body: CpdOutcomeDecisionIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Impose what the policy says for a failed audit, or take no action; where policy only proposes it."""
    once = maker.rendering(OutcomeOut.of)
    await consequences.decide(
        db, once, outcome_id=outcome_id, ruling=body.ruling, reasons=body.reasons, actor=who, now=now
    )
    return said(once)
