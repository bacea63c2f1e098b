"""Complaints over HTTP, for whoever makes one: receipt, how far it is, withdrawal."""

from typing import Any

from fastapi import Response

from services.register.operations.conduct import receipts
from services.register.operations.conduct.receipts import NewComplaint, Received
from services.register.routes.conduct.bodies import (
    ComplaintIn,
    ProgressOut,
    ReceiptOut,
    ReferenceIn,
    WithdrawalIn,
)
from shared.web import LARGEST_BODY_KEY, Db, Now, OncePerRequest, Who, guarded_router, said

router = guarded_router("complaints")

# Anybody may write here, so nobody may write much: every text has its bound, and all of them fit into this.
SMALL: dict[str, Any] = {LARGEST_BODY_KEY: 32 * 1024}


def _location(received: Received) -> str:
    return "/v1/complaints" if received.complaint_id is None else f"/v1/complaints/{received.complaint_id}"


@router.post(
    "/v1/complaints",
    operation_id="makeComplaint",
    status_code=201,
    response_model=ReceiptOut,
    openapi_extra=SMALL,
)
async def make_complaint(body: ComplaintIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Complain of a careers professional; anybody may. Keep the reference: it is shown this once.

    Nothing about a complaint is public until it is decided and no appeal can change it.
    """
    once = maker.rendering(ReceiptOut.of, location=_location)
    received = await receipts.receive(
        db,
        once,
        wanted=NewComplaint(
            number=body.number,
            described_person=body.described_person,
            conduct_on=body.conduct_on,
            principles=body.principles,
            account=body.account,
            complainant_name=body.complainant_name,
            complainant_contact=body.complainant_contact,
            relationship=body.relationship,
            member_id=body.member_id,
        ),
        actor=who,
        now=now,
    )
    # The answer that is kept for the key has no secret in it, and so this one is written anew.
    answer = said(once)
    answer.body = (
        ReceiptOut.of(received)
        .model_copy(update={"reference": received.reference})
        .model_dump_json()
        .encode()
    )
    answer.headers["content-length"] = str(len(answer.body))
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post(
    "/v1/complaints/progress",
    operation_id="followComplaint",
    response_model=ProgressOut,
    openapi_extra=SMALL,
)
async def follow_complaint(body: ReferenceIn, response: Response, db: Db) -> ProgressOut:
    """Say how far a complaint is, to whoever holds its reference."""
    response.headers["cache-control"] = "no-store"
    return ProgressOut.of(await receipts.follow(db, reference_=body.reference))


@router.post(
    "/v1/complaints/withdrawals",
    operation_id="withdrawComplaint",
    status_code=201,
    response_model=ProgressOut,
    openapi_extra=SMALL,
)
async def withdraw_complaint(
    body: WithdrawalIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Withdraw a complaint that no panel has decided, unless an interim measure stands in it."""
    once = maker.rendering(ProgressOut.of)
    await receipts.withdraw(db, once, reference_=body.reference, reason=body.reason, actor=who, now=now)
    return said(once)
