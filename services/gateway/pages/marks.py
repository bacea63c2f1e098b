"""The mark of a school as a picture for its website: drawn whenever it is asked for, so never stale."""

import hashlib
import time

from fastapi import APIRouter, Request, Response

from services.gateway.clients.caller import Caller
from services.gateway.clients.kitemark import MarkAnswer, MarkWord
from services.gateway.clients.neighbours import Neighbours
from services.gateway.pages import wording
from services.gateway.pages.rendering import picture
from shared.clock import Clock, london_day
from shared.errors import Refusal

router = APIRouter(tags=["pages"], include_in_schema=False)

SECONDS = 4.0
LONGEST = 20
FRESH = "public, max-age=300, must-revalidate"
WORDS: dict[MarkWord, tuple[str, str]] = {
    "fully_meets": ("Fully meets the standard", "good"),
    "progressing": ("Making good progress", "good"),
    "committed": ("Committed to the standard", "good"),
    "unknown": ("Holds an award", "quiet"),
    "withdrawn": ("No current award", "quiet"),
    "expired": ("No current award", "quiet"),
    "none": ("No award recorded", "quiet"),
}
_AWAY = ("Not known just now", "quiet")


@router.get("/mark/{urn}.svg")
async def mark(urn: str, request: Request) -> Response:
    """The mark that a school holds today, as a picture; one that says so where nobody knows just now.

    A picture is always answered: on somebody else's page a broken one would say something that is not so.
    """
    clock: Clock = request.app.state.clock
    today = london_day(clock())
    neighbours: Neighbours = request.app.state.neighbours
    caller = Caller(
        request_id=request.scope.get("state", {}).get("request_id"), until=time.monotonic() + SECONDS
    )
    found: MarkAnswer | None = None
    try:
        if len(urn) <= LONGEST:
            (found,) = await neighbours.kitemark.marks([urn], caller=caller)
    except Refusal:
        return _drawn(urn, *_AWAY, day=wording.day(today), headers={"Cache-Control": "no-store"})
    words, tone = WORDS[found.mark] if found and found.mark else ("No such school number", "quiet")
    said = f"{urn}\n{words}\n{today.isoformat()}"
    tag = f'"{hashlib.sha256(said.encode()).hexdigest()[:24]}"'
    headers = {"Cache-Control": FRESH, "ETag": tag}
    if tag in (each.strip() for each in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    return _drawn(urn, words, tone, day=wording.day(today), headers=headers)


def _drawn(urn: str, words: str, tone: str, *, day: str, headers: dict[str, str]) -> Response:
    return picture("mark.svg", headers=headers, urn=urn[:LONGEST], words=words, tone=tone, day=day)
