"""Recognition of prior learning over HTTP: claimed by one, assessed by another."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from services.cpd.domain.credits.recognition import (
    Claim,
    RecognitionKind,
    RecognitionState,
    RecognitionStep,
)
from services.cpd.operations.credits import recognitions
from services.cpd.operations.credits.recognitions import SeenRecognition
from services.cpd.routes.axes import KnownAt
from services.cpd.routes.credits.module_bodies import Version
from services.cpd.routes.fields import Body, Code, Line, NumberText, Sentence
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("credits")
PATH = "/v1/recognitions"
BOTH = needs("cpd:write", "cpd:audit")
Words = Annotated[Sentence, Field(min_length=1)]


class ClaimIn(Body):
    """What a member brings: `credit` for what was learnt elsewhere, or `exemption` from taking the module."""

    number: NumberText
    kind: RecognitionKind
    module: Code
    module_version: Version
    grounds: Words
    reference: Annotated[Line, Field(min_length=1)] | None = None

    def told(self) -> Claim:
        """Return the claim as it is told; whose it is says the token."""
        return Claim(
            number=self.number,
            claimant="",
            kind=self.kind,
            module=self.module,
            module_version=self.module_version,
            grounds=self.grounds,
            reference=self.reference,
        )


class RecognitionStepIn(Body):
    """What is done with a claim. Granting and refusing need reasons."""

    step: RecognitionStep
    reasons: Words | None = None


class RecognitionOut(BaseModel):
    """A claim as those see it who have a part in it; `known_from` is when the last step was taken."""

    id: int
    association: str
    number: str
    kind: RecognitionKind
    module: str
    module_version: str
    grounds: str
    reference: str | None
    state: RecognitionState
    claimed_by: str
    assessed_by: str | None
    reasons: str | None
    known_from: datetime

    @classmethod
    def of(cls, held: SeenRecognition) -> "RecognitionOut":
        """Return the claim as it is shown."""
        return cls(
            id=held.id,
            association=held.claim.claimant,
            number=held.claim.number,
            kind=held.claim.kind,
            module=held.claim.module,
            module_version=held.claim.module_version,
            grounds=held.claim.grounds,
            reference=held.claim.reference,
            state=held.state,
            claimed_by=held.claimed_by,
            assessed_by=held.assessed_by,
            reasons=held.reasons,
            known_from=held.known_from,
        )


class RecognitionPage(BaseModel):
    """Some claims, and the cursor of the next page."""

    items: list[RecognitionOut]
    next: str | None


@router.post(
    PATH,
    operation_id="claimRecognition",
    status_code=201,
    response_model=RecognitionOut,
    openapi_extra=needs("cpd:write"),
)
async def claim_recognition(body: ClaimIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Claim prior learning for a member of one's own; it counts for nothing until another grants it."""
    once = maker.rendering(RecognitionOut.of, location=lambda held: f"{PATH}/{held.id}")
    await recognitions.claim(db, once, told=body.told(), actor=who, now=now)
    return said(once)


@router.post(
    f"{PATH}/{{id}}/steps",
    operation_id="stepInRecognition",
    status_code=201,
    response_model=RecognitionOut,
    openapi_extra=BOTH,
)
async def step_in_recognition(
    id: Id, body: RecognitionStepIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Grant or refuse a claim, as the association that tells the module or an auditor; or withdraw it.

    Whoever made the claim does not assess it. What is granted is in the credit bank at once.
    """
    once = maker.rendering(RecognitionOut.of)
    await recognitions.take(db, once, id_=id, step=body.step, reasons=body.reasons, actor=who, now=now)
    return said(once)


@router.get(
    f"{PATH}/{{id}}", operation_id="getRecognition", response_model=RecognitionOut, openapi_extra=BOTH
)
async def get_recognition(id: Id, request: Request, db: Db, who: Who, known_at: KnownAt = None) -> Response:
    """Return a claim as it was known, to those who have a part in it."""
    held = await recognitions.get(db, id_=id, actor=who, known_at=known_at)
    return with_etag(request, RecognitionOut.of(held))


@router.get(PATH, operation_id="listRecognitions", response_model=RecognitionPage, openapi_extra=BOTH)
async def list_recognitions(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    state: Annotated[RecognitionState | None, Query()] = None,
    limit: Limit = 50,
    after: After = None,
) -> RecognitionPage:
    """List what your association claimed and what is for it to assess, or for an auditor everything."""
    page = await recognitions.page(db, state=state, actor=who, after=after, limit=limit)
    body = RecognitionPage(items=[RecognitionOut.of(each) for each in page.items], next=page.next)
    shown: RecognitionPage = page_body(request, response, body, next_cursor=page.next)
    return shown
