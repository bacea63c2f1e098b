"""Receipts over HTTP: verified by anybody, and the keys with which to verify them elsewhere."""

import time

from fastapi import Request
from fastapi.responses import JSONResponse

from services.gateway.clients.caller import Caller
from services.gateway.loaders import Loaders, OfOneDay
from services.gateway.operations.checks import receipts
from services.gateway.routes.checks.bodies import ReceiptIn, ReceiptKeysOut, VerifiedOut
from shared.clock import london_day
from shared.web import Db, Now, guarded_router

router = guarded_router("checks")
SECONDS = 8.0


@router.post("/v1/receipts/verify", operation_id="verifyReceipt", response_model=VerifiedOut)
async def verify_receipt(body: ReceiptIn, request: Request, db: Db, now: Now) -> VerifiedOut:
    """Say whether a receipt is genuine, what it says, and what has changed since."""
    verified = await receipts.verify(db, body.receipt)
    if verified.claims is None:
        return VerifiedOut.of(verified, None)
    # The services are asked in nobody's name: what they say to anyone is what a receipt is compared with.
    caller = Caller(
        request_id=request.scope.get("state", {}).get("request_id"), until=time.monotonic() + SECONDS
    )
    asks = OfOneDay(Loaders(request.app.state.neighbours, caller), None, None)
    since = await receipts.since(verified.claims, asks=asks, day=london_day(now))
    return VerifiedOut.of(verified, since)


@router.get(
    "/.well-known/receipt-keys.json", operation_id="publishedReceiptKeys", response_model=ReceiptKeysOut
)
async def receipt_keys(db: Db) -> JSONResponse:
    """Give every public key that ever signed a receipt, so that receipts are verified without us."""
    return JSONResponse(await receipts.published(db), headers={"Cache-Control": "public, max-age=300"})
