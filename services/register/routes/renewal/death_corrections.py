"""Corrections of a recorded death over HTTP."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, Field

from services.register.domain.renewal.death_correction import DeathCorrectionEvent, DeathCorrectionStatus
from services.register.domain.rights.disclosure import Purpose
from services.register.operations.renewal import death_corrections
from services.register.operations.renewal.death_corrections import (
    ProposedDeathCorrection,
    SeenDeathCorrection,
)
from services.register.routes.fields import Body, Day, Line, NumberText, Sentence
from shared.disclosures import PRIVATE, discloses
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, said, with_etag

router = guarded_router("deaths")


class DeathCorrectionIn(Body):
    """Whose death was recorded wrongly, and what is right: another day, or null where they have not died."""

    number: NumberText
    died_on: Day | None
    evidence_reference: Annotated[Line, Field(min_length=1)]
    grounds: Annotated[Sentence, Field(min_length=1)]


class DeathCorrectionDecisionIn(Body):
    """What another registrar decides, and why."""

    decision: DeathCorrectionEvent
    reason: Sentence


class DeathCorrectionOut(BaseModel):
    """A correction as registrars see it."""

    id: int
    number: str
    status: DeathCorrectionStatus
    died_on: date | None
    evidence_reference: Annotated[str, PRIVATE]
    grounds: Annotated[str, PRIVATE]
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: Annotated[str | None, PRIVATE]

    @classmethod
    def of(cls, held: SeenDeathCorrection) -> "DeathCorrectionOut":
        """Return the correction as it is shown."""
        correction = held.correction
        return cls(
            id=held.correction_id,
            number=held.number,
            status=correction.status,
            died_on=correction.died_on,
            evidence_reference=held.evidence_reference,
            grounds=held.grounds,
            proposed_by=correction.proposed_by,
            proposed_at=held.proposed_at,
            decided_by=correction.decided_by,
            decided_at=held.decided_at,
            reason=correction.reason,
        )


def _location(held: SeenDeathCorrection) -> str:
    return f"/v1/death-corrections/{held.correction_id}"


@router.post(
    "/v1/death-corrections",
    operation_id="proposeDeathCorrection",
    status_code=201,
    response_model=DeathCorrectionOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.RECORD),
)
async def propose_death_correction(
    body: DeathCorrectionIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Propose to correct a death that was recorded for the wrong day, or for somebody who lives."""
    once = maker.rendering(DeathCorrectionOut.of, location=_location)
    wanted = ProposedDeathCorrection(
        number=body.number,
        died_on=body.died_on,
        evidence_reference=body.evidence_reference,
        grounds=body.grounds,
    )
    await death_corrections.propose(db, once, wanted=wanted, actor=who, now=now)
    return said(once)


@router.get(
    "/v1/death-corrections/{correction_id}",
    operation_id="getDeathCorrection",
    response_model=DeathCorrectionOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.RECORD),
)
async def get_death_correction(correction_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Read a correction of a death."""
    held = await death_corrections.get(db, correction_id=correction_id, actor=who)
    return with_etag(request, DeathCorrectionOut.of(held))


@router.post(
    "/v1/death-corrections/{correction_id}/decisions",
    operation_id="decideDeathCorrection",
    status_code=201,
    response_model=DeathCorrectionOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.RECORD),
)
async def decide_death_correction(
    correction_id: Id, body: DeathCorrectionDecisionIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Confirm or refuse a correction, as another registrar than who proposed it.

    Entry and licence hold again as they did before the death, or to the right day of it.
    """
    once = maker.rendering(DeathCorrectionOut.of, location=_location)
    await death_corrections.decide(
        db,
        once,
        correction_id=correction_id,
        event=body.decision,
        reason=body.reason,
        actor=who,
        now=now,
    )
    return said(once)
