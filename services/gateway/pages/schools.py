"""The page of a school: its mark, who gives guidance there, and for whom they work, on one page to print."""

import time
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.gateway.clients.caller import Caller
from services.gateway.domain.assurance import Holds, Overall, Strand
from services.gateway.loaders import Loaders, OfOneDay
from services.gateway.operations.assurance import Assured, StrandOf, assure
from services.gateway.pages import strands, wording
from services.gateway.pages.mark_explained import PATH as MARK_EXPLAINED
from services.gateway.pages.questions import day_written
from services.gateway.pages.rendering import page
from shared.clock import Clock, london_day
from shared.errors import Malformed, NotFound, Refusal, Unprocessable

router = APIRouter(tags=["pages"], include_in_schema=False)

SECONDS = 6.0
LONGEST = 40
_TITLES = {
    Strand.ADVISER: "Advisers",
    Strand.SCHOOL: "The school",
    Strand.PROVIDER: "Providers of guidance",
}
_EXPLAINED = {
    Strand.ADVISER: "Everybody who gives guidance here, as the school and their association say.",
    Strand.SCHOOL: "Whether the school’s quality award counts for the national mark.",
    Strand.PROVIDER: "Whether the organisations that employ the advisers are accredited as they have to be.",
}
_HOLDS = {Holds.YES: ("Yes", "good"), Holds.NO: ("No", "stop"), Holds.UNKNOWN: ("Not known", "caution")}


@router.get("/school")
async def school(
    request: Request,
    urn: Annotated[str, Query()] = "",
    on: Annotated[str, Query()] = "",
) -> Response:
    """The three strands of one school on a day, or the form, or what to type again."""
    clock: Clock = request.app.state.clock
    today = london_day(clock())
    if not urn.strip():
        return _form(urn="", on=on, mistake=None)
    day = day_written(on) if on.strip() else today
    if day is None:
        return _form(urn=urn, on=on, mistake="The day must be a real one, like 21 November 2026", status=400)
    if len(urn) > LONGEST:
        return _form(urn="", on=on, mistake="A URN has six digits", status=400)
    try:
        found = await _ask(request, urn.strip(), None if day == today else day, today=day)
    except (Malformed, Unprocessable, NotFound) as refusal:
        return _form(urn=urn, on=on, mistake=refusal.detail, status=400)
    except Refusal:
        return page("unknown-school.html", status=503, headers={"Retry-After": "5"}, urn=urn)
    site = str(request.base_url).rstrip("/")
    checked = wording.moment(clock())
    return _shown(found, urn=urn.strip(), day=day, today=today, checked=checked, site=site)


async def _ask(request: Request, urn: str, valid_at: date | None, *, today: date) -> Assured:
    caller = Caller(
        request_id=request.scope.get("state", {}).get("request_id"), until=time.monotonic() + SECONDS
    )
    asks = OfOneDay(Loaders(request.app.state.neighbours, caller), valid_at, None)
    return await assure(asks, day=today, school=urn, adviser=None, provider=None)


def _form(*, urn: str, on: str, mistake: str | None, status: int = 200) -> Response:
    return page("school-form.html", status=status, urn=urn, on=on, mistake=mistake)


def _shown(found: Assured, *, urn: str, day: date, today: date, checked: str, site: str) -> Response:
    return page(
        "school.html",
        urn=urn,
        heading=strands.heading(found.overall, {each.strand for each in found.strands}),
        says=_says(found),
        sections=[
            (
                _TITLES[strand],
                _EXPLAINED[strand],
                [_row(each) for each in of_strand],
                MARK_EXPLAINED if strand is Strand.SCHOOL else None,
            )
            for strand in (Strand.SCHOOL, Strand.ADVISER, Strand.PROVIDER)
            if (of_strand := [each for each in found.strands if each.strand is strand])
        ],
        day=wording.day(day),
        another_day=day != today,
        checked=checked,
        site=site,
        policy=found.policy.version,
    )


def _says(found: Assured) -> str:
    """Return what the strands come to in one sentence."""
    if found.overall is Overall.ASSURED:
        if all(each.strand is not Strand.PROVIDER for each in found.strands):
            return (
                "The school holds the mark, and its advisers are licensed. "
                "No employer of theirs is recorded as a provider, so nothing is said of one."
            )
        return "The school holds the mark, its advisers are licensed, and whoever employs them is accredited."
    missing = _named(found.strands, Holds.NO)
    unknown = _named(found.strands, Holds.UNKNOWN)
    parts = [f"Not met: {missing}." if missing else "", f"Not known: {unknown}." if unknown else ""]
    return " ".join(part for part in parts if part)


def _named(strands: Sequence[StrandOf], holds: Holds) -> str:
    words = {Strand.ADVISER: "advisers", Strand.SCHOOL: "the school’s mark", Strand.PROVIDER: "providers"}
    return ", ".join(dict.fromkeys(words[each.strand] for each in strands if each.holds is holds))


def _row(strand: StrandOf) -> dict[str, str]:
    holds, tone = _HOLDS[strand.holds]
    name = strand.name or ""
    return {
        "subject": f"{name} ({strand.subject})" if name else strand.subject,
        "link": f"/check?number={strand.subject}" if strand.strand is Strand.ADVISER and strand.word else "",
        "holds": holds,
        "tone": tone,
        "sentence": strand.sentence,
    }
