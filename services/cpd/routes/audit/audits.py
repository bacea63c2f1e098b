"""The draw over HTTP: announced and frozen by auditors, proved to everybody."""

import json
from collections.abc import AsyncIterator

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from services.cpd.operations.audit import audits, proofs, reports
from services.cpd.operations.audit.audits import SeenAudit
from services.cpd.routes.audit.audit_bodies import (
    AnnouncementIn,
    AuditOut,
    AuditPage,
    CancellationIn,
    NotifiedOut,
    SeedIn,
)
from services.cpd.routes.audit.proof_bodies import ProofOut, ResultsOut, TreatmentOut
from services.cpd.routes.fields import NothingIn, Number
from shared.clock import rfc3339
from shared.database import Database
from shared.paging import After, Limit
from shared.web import (
    Db,
    Id,
    Now,
    OncePerRequest,
    Who,
    guarded_router,
    needs,
    page_body,
    said,
    with_etag,
)

router = guarded_router("audit")
AUDITOR = needs("cpd:audit")


@router.post(
    "/v1/audits",
    operation_id="announceAudit",
    status_code=201,
    response_model=AuditOut,
    openapi_extra=AUDITOR,
)
async def announce_audit(body: AnnouncementIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Announce an audit: its strata, and the source of the seed and when it will be there."""
    once = maker.rendering(AuditOut.of, location=lambda held: f"/v1/audits/{held.id}")
    await audits.announce(db, once, announced=body.read(), actor=who, now=now)
    return said(once)


@router.get("/v1/audits", operation_id="listAudits", response_model=AuditPage)
async def list_audits(
    request: Request, response: Response, db: Db, limit: Limit = 50, after: After = None
) -> AuditPage:
    """List audits, oldest first."""
    page = await audits.page(db, after=after, limit=limit)
    body = AuditPage(items=[AuditOut.of(held) for held in page.items], next=page.next)
    shown: AuditPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get("/v1/audits/{audit_id}", operation_id="getAudit", response_model=AuditOut)
async def get_audit(audit_id: Id, request: Request, db: Db) -> Response:
    """Return an audit: what was announced, what was fixed before the seed, and the seed."""
    return with_etag(request, AuditOut.of(await audits.get(db, audit_id=audit_id)))


@router.post(
    "/v1/audits/{audit_id}/freeze",
    operation_id="freezeAudit",
    status_code=201,
    response_model=AuditOut,
    openapi_extra=AUDITOR,
)
async def freeze_audit(
    audit_id: Id, maker: OncePerRequest, db: Db, who: Who, now: Now, _: NothingIn | None = None
) -> Response:
    """Freeze who can be drawn, and publish the digest of the list in the journal, before the seed exists."""
    once = maker.rendering(AuditOut.of)
    await audits.freeze(db, once, audit_id=audit_id, actor=who, now=now)
    return said(once)


@router.post(
    "/v1/audits/{audit_id}/seed",
    operation_id="enterSeed",
    status_code=201,
    response_model=AuditOut,
    openapi_extra=AUDITOR,
)
async def enter_seed(
    audit_id: Id, body: SeedIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Enter the seed, as it came from the announced source after the list was frozen."""
    once = maker.rendering(AuditOut.of)
    await audits.enter_seed(
        db, once, audit_id=audit_id, seed=body.seed, born_at=body.born_at, actor=who, now=now
    )
    return said(once)


@router.post(
    "/v1/audits/{audit_id}/draw",
    operation_id="drawAudit",
    status_code=201,
    response_model=AuditOut,
    openapi_extra=AUDITOR,
)
async def draw_audit(
    audit_id: Id, maker: OncePerRequest, db: Db, who: Who, now: Now, _: NothingIn | None = None
) -> Response:
    """Draw, as another auditor than the one who entered the seed, having compared it with its source."""
    once = maker.rendering(AuditOut.of)
    await audits.draw(db, once, audit_id=audit_id, actor=who, now=now)
    return said(once)


@router.post(
    "/v1/audits/{audit_id}/cancellation",
    operation_id="cancelAudit",
    status_code=201,
    response_model=AuditOut,
    openapi_extra=AUDITOR,
)
async def cancel_audit(
    audit_id: Id, body: CancellationIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Cancel an audit before it is drawn, for a reason that everybody can read."""
    once = maker.rendering(AuditOut.of)
    await audits.cancel(db, once, audit_id=audit_id, reason=body.reason, actor=who, now=now)
    return said(once)


@router.post(
    "/v1/audits/{audit_id}/notices",
    operation_id="notifyDrawn",
    status_code=201,
    response_model=NotifiedOut,
    openapi_extra=AUDITOR,
)
async def notify_drawn(
    audit_id: Id, maker: OncePerRequest, db: Db, who: Who, now: Now, _: NothingIn | None = None
) -> Response:
    """Give notice to everybody who was drawn and has none yet."""
    once = maker.rendering(NotifiedOut.of)
    await audits.notify(db, once, audit_id=audit_id, actor=who, now=now)
    return said(once)


@router.get("/v1/audits/{audit_id}/proof", operation_id="getProof", response_model=ProofOut)
async def get_proof(audit_id: Id, db: Db) -> StreamingResponse:
    """Return all that is needed to draw again: the guide for auditors has the algorithm.

    It is the whole list in one document, a million people too; once frozen it never changes.
    """
    held = await proofs.proof(db, audit_id=audit_id)
    return StreamingResponse(_proof(db, held), media_type="application/json")


@router.get(
    "/v1/audits/{audit_id}/people/{number}",
    operation_id="getTreatment",
    response_model=TreatmentOut,
    openapi_extra=needs("cpd:write", "cpd:audit"),
)
async def get_treatment(audit_id: Id, number: Number, request: Request, db: Db, who: Who) -> Response:
    """Say why a member was or was not drawn, with the salt by which they can check it themselves."""
    found = await proofs.treatment(db, audit_id=audit_id, number=number, actor=who)
    return with_etag(request, TreatmentOut.of(found))


@router.get(
    "/v1/audits/{audit_id}/results",
    operation_id="getResults",
    response_model=ResultsOut,
    openapi_extra=AUDITOR,
)
async def get_results(audit_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Say what the sample shows of everybody, with exact bounds, and whether to stop or to draw more."""
    return with_etag(request, ResultsOut.of(await reports.results(db, audit_id=audit_id, actor=who)))


async def _proof(db: Database, held: SeenAudit) -> AsyncIterator[str]:
    """Give the proof piece by piece, so that a long list is never held as a whole."""
    assert held.freeze is not None  # noqa: S101 - only what is frozen is proved
    head = {
        "audit_id": held.id,
        "seed": held.seed.seed if held.seed else None,
        "list_hash": held.freeze.list_hash,
        "frozen_at": rfc3339(held.freeze.frozen_at),
        "strata": {
            association: {"population": population, "size": size}
            for association, (population, size) in held.freeze.sizes.items()
        },
    }
    yield json.dumps(head)[:-1] + ', "people": {'
    pieces: list[str] = []
    comma = ""
    async for salted, associations in proofs.listed(db, audit_id=held.id):
        pieces.append(f"{comma}{json.dumps(salted)}:{json.dumps(associations)}")
        comma = ","
        if len(pieces) == proofs.AT_ONCE:
            yield "".join(pieces)
            pieces.clear()
    yield "".join(pieces) + "}}"
