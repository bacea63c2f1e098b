"""Evidence of a school's staff over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from services.kitemark.clients.advisers import AdvisersClient
from services.kitemark.clients.cpd import CpdClient
from services.kitemark.domain.joined.staffing import CpdWord, Shown
from services.kitemark.operations.joined import staff_evidence
from services.kitemark.operations.joined.staff_evidence import READERS, SCHOOL, SeenEvidence
from services.kitemark.routes.fields import Body, Code
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, said, with_etag

router = guarded_router("joined")


def _advisers(request: Request) -> AdvisersClient:
    client: AdvisersClient = request.app.state.advisers
    return client


def _cpd(request: Request) -> CpdClient:
    client: CpdClient = request.app.state.cpd
    return client


class EvidenceIn(Body):
    """The award body that may read the evidence; left out, nobody but the school and the panel may."""

    for_body: Code | None = None


class ProvenanceOut(BaseModel):
    """A neighbour, whether it answered, what was asked of it, and the instant of its answer."""

    source: str
    answered: bool
    asked: str
    as_of: AwareDatetime | None


class EvidenceOut(BaseModel):
    """What the register and CPD showed: evidence, and no decision.

    `unknown` is a neighbour that said nothing, `not_shown` one that knows of nothing: the register holds
    posts that both sides attest, so an adviser may be there of whom nobody told it.
    """

    id: int
    urn: str
    for_body: str | None
    taken_at: datetime
    benchmark_8: Shown
    competent_staff: Shown
    advisers: int | None
    licensed_advisers: int | None
    cpd: Annotated[dict[CpdWord, int], Field(description="Licensed advisers, by how their CPD stands.")]
    provenance: list[ProvenanceOut]

    @classmethod
    def of(cls, held: SeenEvidence) -> "EvidenceOut":
        """Return the evidence as it is shown."""
        return cls(id=held.id, urn=held.urn, for_body=held.for_body, taken_at=held.taken_at, **held.content)


@router.post(
    "/v1/staff-evidence",
    operation_id="takeStaffEvidence",
    status_code=201,
    response_model=EvidenceOut,
    openapi_extra=needs(SCHOOL),
)
async def take_staff_evidence(
    body: EvidenceIn,
    maker: OncePerRequest,
    db: Db,
    who: Who,
    now: Now,
    advisers: Annotated[AdvisersClient, Depends(_advisers)],
    cpd: Annotated[CpdClient, Depends(_cpd)],
) -> Response:
    """Take evidence for competent staff and benchmark 8 of one's own school from the register and CPD.

    It is kept as it was on that day, with where it is from, so that an award can refer to it.
    """
    once = maker.rendering(EvidenceOut.of, location=lambda held: f"/v1/staff-evidence/{held.id}")
    await staff_evidence.take(db, once, advisers, cpd, for_body=body.for_body, actor=who, now=now)
    return said(once)


@router.get(
    "/v1/staff-evidence/{id}",
    operation_id="getStaffEvidence",
    response_model=EvidenceOut,
    openapi_extra=needs(*READERS),
)
async def get_staff_evidence(id: Id, request: Request, db: Db, who: Who) -> Response:
    """Return evidence to its school, to the body that the school named, and to the panel."""
    return with_etag(request, EvidenceOut.of(await staff_evidence.get(db, id_=id, actor=who)))
