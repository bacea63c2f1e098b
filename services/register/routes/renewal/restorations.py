"""Restorations after a removal over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, Field

from services.register.domain.renewal.restoration import RestorationEvent, RestorationStatus
from services.register.domain.rights.disclosure import Purpose
from services.register.operations.renewal import restorations
from services.register.operations.renewal.restorations import Proposal, SeenRestoration
from services.register.routes.fields import Body, Line, NumberText, Sentence
from shared.disclosures import PRIVATE, discloses
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, said, with_etag

router = guarded_router("restorations")


class RestorationIn(Body):
    """Whom to restore, on which application of theirs, and why."""

    number: NumberText
    application_reference: Annotated[Line, Field(min_length=1)]
    grounds: Annotated[Sentence, Field(min_length=1)]


class RestorationDecisionIn(Body):
    """What another registrar decides, and why."""

    decision: RestorationEvent
    reason: Sentence


class RestorationOut(BaseModel):
    """A restoration as registrars see it."""

    id: int
    number: str
    status: RestorationStatus
    application_reference: Annotated[str, PRIVATE]
    grounds: Annotated[str, PRIVATE]
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: Annotated[str | None, PRIVATE]

    @classmethod
    def of(cls, held: SeenRestoration) -> "RestorationOut":
        """Return the restoration as it is shown."""
        restoration = held.restoration
        return cls(
            id=held.restoration_id,
            number=held.number,
            status=restoration.status,
            application_reference=held.application_reference,
            grounds=held.grounds,
            proposed_by=restoration.proposed_by,
            proposed_at=held.proposed_at,
            decided_by=restoration.decided_by,
            decided_at=held.decided_at,
            reason=restoration.reason,
        )


def _location(held: SeenRestoration) -> str:
    return f"/v1/restorations/{held.restoration_id}"


@router.post(
    "/v1/restorations",
    operation_id="proposeRestoration",
    status_code=201,
    response_model=RestorationOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.CONDUCT),
)
async def propose_restoration(
    body: RestorationIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Propose to restore somebody who was removed, once the policy's time has passed."""
    once = maker.rendering(RestorationOut.of, location=_location)
    wanted = Proposal(
        number=body.number, application_reference=body.application_reference, grounds=body.grounds
    )
    await restorations.propose(db, once, wanted=wanted, actor=who, now=now)
    return said(once)


@router.get(
    "/v1/restorations/{restoration_id}",
    operation_id="getRestoration",
    response_model=RestorationOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.CONDUCT),
)
async def get_restoration(restoration_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Read a restoration."""
    held = await restorations.get(db, restoration_id=restoration_id, actor=who)
    return with_etag(request, RestorationOut.of(held))


@router.post(
    "/v1/restorations/{restoration_id}/decisions",
    operation_id="decideRestoration",
    status_code=201,
    response_model=RestorationOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.CONDUCT),
)
async def decide_restoration(
    restoration_id: Id, body: RestorationDecisionIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Restore somebody, or refuse to, as another registrar than who proposed it.

    The removal ends; the licence does not return by itself: the person applies for admission.
    """
    once = maker.rendering(RestorationOut.of, location=_location)
    await restorations.decide(
        db,
        once,
        restoration_id=restoration_id,
        event=body.decision,
        reason=body.reason,
        actor=who,
        now=now,
    )
    return said(once)
