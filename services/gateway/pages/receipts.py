"""The pages of receipts: one check to read and print, and a form in which anybody verifies a receipt."""

import io
import time
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Form, Request, Response

from services.gateway.clients.answers import LicenceAnswer
from services.gateway.clients.caller import Caller
from services.gateway.domain.assurance import Holds, Overall, Strand
from services.gateway.domain.checks.check import Check, CheckKind, NoSuchCheck
from services.gateway.domain.checks.receipt import LONGEST, SENTENCES, ReceiptState
from services.gateway.loaders import Loaders, OfOneDay
from services.gateway.operations.checks import checks, receipts
from services.gateway.operations.checks.policies import every
from services.gateway.operations.checks.receipts import Since
from services.gateway.pages import strands, wording
from services.gateway.pages.rendering import page
from shared.clock import london_day
from shared.database import Database
from shared.problems import NoSuchPath
from shared.web import LARGEST_BODY_KEY, Db, GuardedRoute

# Guarded, since a form is read whole before anything of ours sees it.
router = APIRouter(route_class=GuardedRoute, tags=["pages"], include_in_schema=False)

LARGEST_FORM = 64 * 1024

SECONDS = 6.0
_TONES: dict[ReceiptState, wording.Tone] = {
    ReceiptState.GENUINE: "good",
    ReceiptState.RECORDED_ONLY: "caution",
}
_HEADINGS = {
    ReceiptState.GENUINE: "This receipt is genuine",
    ReceiptState.RECORDED_ONLY: "Our record confirms this receipt",
    ReceiptState.KEY_DISTRUSTED: "Do not rely on this receipt",
    ReceiptState.KEY_NOT_KNOWN: "This was not signed by us",
    ReceiptState.SIGNATURE_DOES_NOT_MATCH: "This receipt was changed",
    ReceiptState.NOT_A_RECEIPT: "This is not a receipt",
}
_HOLDS = {Holds.YES: "holds", Holds.NO: "does not hold", Holds.UNKNOWN: "not known"}
_FACTS = {
    "verdict": "Verdict",
    "may_give_personal_guidance": "May give personal careers guidance",
    "scopes": "Covers",
    "membership_level": "Membership",
    "conditions": "Conditions",
    "sanctions": "Decisions in force",
    "valid_from": "First day of the licence",
    "valid_to": "Last day of the licence",
    "kept_number": "Number that holds the record",
}


@router.get("/receipts")
async def form() -> Response:
    """The form in which a receipt is pasted."""
    return page("receipt-form.html", receipt="", mistake=None, longest=LONGEST)


@router.post("/receipts", openapi_extra={LARGEST_BODY_KEY: LARGEST_FORM})
async def verify(request: Request, db: Db, receipt: Annotated[str, Form()] = "") -> Response:
    """Whether the receipt is genuine, what it says, what has changed since."""
    if not receipt.strip():
        mistake = "Paste the receipt, or what stands under its QR code."
        return page("receipt-form.html", status=400, receipt="", mistake=mistake, longest=LONGEST)
    verified = await receipts.verify(db, receipt)
    since = None if verified.claims is None else await _since(request, verified.claims)
    return page(
        "receipt-verified.html",
        heading=wording.Heading(_HEADINGS[verified.state], _TONES.get(verified.state, "stop")),
        sentence=SENTENCES[verified.state],
        check=None if verified.claims is None else _told(verified.claims),
        changes=_changes(since),
        unknown=since is not None and since.now is None,
        not_known=[_subject(each) for each in since.unknown] if since else [],
        compared=since is not None,
    )


@router.get("/receipts/{reference}")
async def receipt(reference: str, request: Request, db: Db) -> Response:
    """One check, to read and to print, for whoever holds its address."""
    check = await _held(db, reference)
    return page(
        "receipt.html",
        **_shown(check),
        address=_address(request, check),
        qr=f"/receipts/{check.reference}/qr.svg",
        text=check.receipt,
    )


@router.get("/receipts/{reference}/qr.svg")
async def qr(reference: str, request: Request, db: Db) -> Response:
    """The address of a receipt's page as a QR code."""
    check = await _held(db, reference)
    drawn = io.BytesIO()
    segno.make(_address(request, check), error="m").save(
        drawn, kind="svg", scale=4, border=4, title="QR code of this receipt"
    )
    headers = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return Response(drawn.getvalue(), media_type="image/svg+xml", headers=headers)


def _address(request: Request, check: Check) -> str:
    """Return where the receipt is read, whichever way the page itself was reached."""
    return f"{request.app.state.settings.issuer}/receipts/{check.reference}"


async def _held(db: Database, reference: str) -> Check:
    """Return the check that an address names; raises NoSuchPath, which a browser is shown as a page."""
    try:
        return await checks.by_reference(db, reference=reference)
    except NoSuchCheck:
        raise NoSuchPath from None


async def _since(request: Request, claims: Any) -> Since | None:
    caller = Caller(
        request_id=request.scope.get("state", {}).get("request_id"), until=time.monotonic() + SECONDS
    )
    asks = OfOneDay(Loaders(request.app.state.neighbours, caller), None, None)
    return await receipts.since(claims, asks=asks, day=london_day(request.app.state.clock()))


def _told(claims: Any) -> dict[str, Any]:
    """Return what a genuine receipt says, as a page shows it."""
    about = _about(claims["purpose"], claims["checked_by"])
    if claims["kind"] == CheckKind.BATCH:
        return _batch(claims["said"]) | {
            "facts": [*about, *_counts(claims["said"])],
            "reference": claims["jti"],
        }
    if claims["kind"] == CheckKind.ASSURANCE:
        return _strands(claims["said"]) | {
            "facts": [*about, *_each_strand(claims["said"])],
            "reference": claims["jti"],
        }
    answer = LicenceAnswer.model_validate(claims["said"])
    return {
        "heading": wording.heading(answer),
        "sentence": answer.sentence,
        "facts": [*about, *wording.facts(answer, name=None)],
        "reference": claims["jti"],
    }


def _shown(check: Check) -> dict[str, Any]:
    claims = {
        "kind": check.kind,
        "purpose": check.purpose,
        "checked_by": check.checker.as_claims(),
        "said": check.said,
        "jti": check.reference,
    }
    return _told(claims) | {
        "number": check.subjects[0] if check.kind is CheckKind.ADVISER else None,
        "rows": (check.rows or ()) if check.kind is CheckKind.BATCH else (),
        "strands": (check.rows or ()) if check.kind is CheckKind.ASSURANCE else (),
        "made": wording.moment(check.made_at),
        "position": check.positions.get("register"),
    }


def _batch(said: Any) -> dict[str, Any]:
    many = "1 adviser" if said["rows"] == 1 else f"{said['rows']} advisers"
    sentence = (
        "What the register said of each stands in the table; this receipt holds the digest of the table."
    )
    return {"heading": wording.Heading(f"{many} checked together", "unknown"), "sentence": sentence}


def _strands(said: Any) -> dict[str, Any]:
    sentence = "What each service said stands below; this receipt holds the digest of all of it."
    asked = {Strand(each["strand"]) for each in said["strands"]}
    return {"heading": strands.heading(Overall(said["overall"]), asked, then=True), "sentence": sentence}


def _each_strand(said: Any) -> list[tuple[str, list[str]]]:
    lines = [
        f"{each['strand'].capitalize()} {each['subject']}: {_words(each['word'] or 'not known')}"
        for each in said["strands"]
    ]
    counts = [f"{holds}: {count}" for holds, count in said["holds"].items()]
    digest = ("SHA-256 of the table", [said["sha256"]])
    return [("Strands", lines or counts), digest]


def _counts(said: Any) -> list[tuple[str, list[str]]]:
    counts = [f"{verdict.replace('_', ' ')}: {count}" for verdict, count in said["verdicts"].items()]
    return [("Verdicts", counts), ("SHA-256 of the table", [said["sha256"]])]


def _about(purpose: str, checker: Any) -> list[tuple[str, list[str]]]:
    titles = {each.code: each.title for policy in every() for each in policy.purposes}
    by = f"The school with the URN {checker['urn']}" if "urn" in checker else checker.get("association")
    return [("Checked by", [by or checker["client_id"]]), ("Purpose", [titles.get(purpose, purpose)])]


def _changes(since: Since | None) -> list[tuple[str, str, str]]:
    if since is None or since.differences is None:
        return []
    return [
        (_FACTS[each.fact], _words(each.then), _words(each.now))
        if each.fact in _FACTS
        else (_subject(each.fact), _strand(each.then), _strand(each.now))
        for each in since.differences
    ]


def _subject(name: str) -> str:
    """Return the name of a strand and its subject as a sentence begins."""
    return name[:1].upper() + name[1:]


def _strand(said: Any) -> str:
    """Return in words what a strand came to; None where its subject was not one of those at the school."""
    if said is None:
        return "not here"
    if said["word"] is None:
        return "not known"
    return f"{_HOLDS[said['holds']]}: {_words(said['word'])}"


def _words(value: Any) -> str:
    """Return a fact in words, as far as a table of changes needs them."""
    if value is None or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(each["kind"] if isinstance(each, dict) else str(each) for each in value)
    return str(value).replace("_", " ")
