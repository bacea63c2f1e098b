"""The search of local quality awards: who gives them, where, in which stages, for how long, counted when."""

import time
from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Request, Response

from services.gateway.clients import schemes
from services.gateway.clients.caller import Caller
from services.gateway.clients.schemes import ReachWord, Scheme, Schemes, Span
from services.gateway.pages import wording
from services.gateway.pages.citations import cited, tags
from services.gateway.pages.listing import AFTER, Card, Filter, Found, Listing, once_more, refused, shown
from services.gateway.pages.marks import WORDS
from shared.clock import Clock, london_day
from shared.errors import Refusal

router = APIRouter(tags=["pages"], include_in_schema=False)

SECONDS = 6.0
PER_PAGE = 20
NOT_KNOWN = "not_known"
AWARDS = Listing(
    path="/awards",
    heading="Find a quality award",
    lead="The awards for careers education and guidance that schools and colleges hold: who gives each, in "
    "which stages, and whether it counts for the national mark.",
    button="Show these awards",
    nothing=(
        "Use fewer filters, or part of a name only.",
        "An award that is not here is not known to us. Ask the school which body gave it.",
    ),
    filters=(
        Filter(name="q", label="Name of the award or of its body", kind="words"),
        Filter(name="body", label="Given by", kind="choice"),
        Filter(name="area", label="Area", kind="choice"),
        Filter(
            name="stages",
            label="Stages",
            kind="choice",
            choices={"one": "A single award", "several": "Several stages"},
        ),
        Filter(name="years", label="Holds for", kind="choice"),
        Filter(
            name="recognised",
            label="Nationally validated",
            kind="choice",
            choices={"today": "Today", "earlier": "Earlier, and not today", NOT_KNOWN: "Not on record"},
        ),
    ),
)


@router.get(AWARDS.path)
async def awards(request: Request) -> Response:
    """Schemes of awards by what is known of them; what is not known is met by no filter but its own."""
    clock: Clock = request.app.state.clock
    asked = AWARDS.asked(request)
    if mistake := AWARDS.mistake(asked):
        return once_more(AWARDS, {}, field_name=mistake[0], says=mistake[1])
    caller = Caller(
        request_id=request.scope.get("state", {}).get("request_id"), until=time.monotonic() + SECONDS
    )
    try:
        published = await schemes.published(request.app.state.services["kitemark"], caller=caller)
    except Refusal as refusal:
        return refused(AWARDS, asked, refusal)
    day = london_day(clock())
    met = [each for each in published.schemes.values() if _meets(each, asked, published, day)]
    codes = [each.code for each in met]
    begin = codes.index(asked[AFTER]) + 1 if asked.get(AFTER) in codes else 0
    part = met[begin : begin + PER_PAGE]
    cards = [_card(each, published, day) for each in part]
    found = Found(
        cards=cards,
        next=part[-1].code if len(met) > begin + PER_PAGE else None,
        sources=cited((tag for card in cards for tag in card.tags), published.sources),
    )
    return shown(_with_choices(published), asked, found)


def _with_choices(published: Schemes) -> Listing:
    giving = {each.body for each in published.schemes.values()}
    bodies = {code: body.title for code, body in published.bodies.items() if code in giving}
    areas = sorted({published.bodies[code].area or "" for code in bodies} - {""})
    years = sorted({each.validity_years for each in published.schemes.values() if each.validity_years})
    return AWARDS.with_choices(
        body=bodies,
        area={area: area for area in areas} | {NOT_KNOWN: "Not known"},
        years={str(each): _years(each) for each in years} | {NOT_KNOWN: "Not known, or set by the body"},
    )


def _meets(scheme: Scheme, asked: Mapping[str, str], published: Schemes, day: date) -> bool:
    body = published.bodies.get(scheme.body)
    names = f"{scheme.title} {body.title if body else ''}".casefold()
    has = {
        "body": scheme.body,
        "area": (body.area if body else None) or NOT_KNOWN,
        "stages": "one" if len(scheme.ladder) == 1 else "several",
        "years": str(scheme.validity_years or NOT_KNOWN),
        "recognised": _recognised(published.validations, scheme, day),
    }
    return all(word in names for word in asked.get("q", "").casefold().split()) and all(
        asked.get(name, value) == value for name, value in has.items()
    )


def _recognised(validations: tuple[Span, ...], scheme: Scheme, day: date) -> str:
    of_scheme = [each for each in validations if each.scheme == scheme.code]
    if any(each.holds(day) for each in of_scheme):
        return "today"
    return "earlier" if any(each.valid_from <= day for each in of_scheme) else NOT_KNOWN


def _card(scheme: Scheme, published: Schemes, day: date) -> Card:
    body = published.bodies.get(scheme.body)
    spans = [each for each in published.validations if each.scheme == scheme.code and each.valid_from <= day]
    facts = [
        ("Given by", [body.title if body else scheme.body]),
        ("Area", [(body.area if body else None) or "Not known"]),
        ("Stages", _stages(scheme)),
        ("Holds for", [_noted(_years(scheme.validity_years), scheme.validity_note)]),
        ("Nationally validated", [_span(each) for each in spans] or ["Not on record"]),
    ]
    refs = [scheme.source.ref, *([body.source.ref] if body else []), *(each.source for each in spans)]
    return Card(
        title=scheme.title,
        facts=facts,
        says=scheme.source.note or "",
        flag="" if scheme.verified else "Invented, for trying this service out",
        tags=tags(" ".join(refs), published.sources),
    )


def _stages(scheme: Scheme) -> list[str]:
    if len(scheme.ladder) == 1 and scheme.ladder[0].reach is not None:
        return [_noted("A single award", scheme.ladder_note)]
    stages = [f"{each.title}: {_reach(each.reach)}" for each in scheme.ladder]
    return [*stages, *([scheme.ladder_note] if scheme.ladder_note else [])]


def _noted(words: str, note: str | None) -> str:
    return f"{words}. {note}" if note else words


def _reach(reach: ReachWord | None) -> str:
    """Return what a stage means for the mark, in the words of the mark's picture."""
    return "what it means for the mark is not known" if reach is None else WORDS[reach][0].lower()


def _years(years: int | None) -> str:
    if years is None:
        return "Not known"
    return "1 year" if years == 1 else f"{years} years"


def _span(span: Span) -> str:
    if span.valid_to is None:
        return f"Since {wording.day(span.valid_from)}"
    return f"From {wording.day(span.valid_from)} to {wording.day(span.valid_to)}"
