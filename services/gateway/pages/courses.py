"""The search of courses: the directory of qualifications, edition by edition, as its sources tell it."""

import asyncio
import time
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from services.gateway.clients import learning
from services.gateway.clients.caller import Caller
from services.gateway.clients.learning import Course, Courses, Statement
from services.gateway.clients.reference import SOURCES, Source, titles, whole
from services.gateway.clients.upstream import Service
from services.gateway.pages.citations import cited, tags
from services.gateway.pages.listing import Card, Filter, Found, Listing, once_more, or_none, refused, shown
from shared.errors import Refusal

router = APIRouter(tags=["pages"], include_in_schema=False)

SECONDS = 6.0
_MODELS = {
    "taught": "Taught",
    "taught_at_university": "Taught at the university",
    "taught_at_regional_centre": "Taught at a regional centre",
    "e_learning": "Online",
    "distance_learning": "By distance learning",
    "blended_with_tutorials": "Blended, with tutorials",
    "work_based": "At work",
}
_WAYS = {
    "cross_region_partnership": "through a partner there",
    "national": "from all of England",
}
_ENTRY = {
    "none": "nothing",
    "evidence_of_undergraduate_study": "evidence of study at undergraduate level",
    "degree": "a degree",
}
_STATUSES = {
    "proposed": "Proposed",
    "running": "Running",
    "suspended": "Suspended",
    "discontinued": "Discontinued",
}
_BASES = {
    "of_provider": "said of the awarding body, not of this course",
    "of_class": "said of courses of this sort",
    "derived": "follows from what is said",
}
COURSES = Listing(
    path="/courses",
    heading="Find a course",
    lead="Courses that lead to a qualification in careers work, as the directory of qualifications has them.",
    button="Show these courses",
    nothing=(
        "Use fewer filters, or fewer words.",
        "Tick “Also those of which no source says it”: a course may fit although nobody has written it down.",
    ),
    filters=(
        Filter(
            name="q",
            label="Words",
            kind="words",
            hint="From the title of the course or the name of its awarding body.",
        ),
        Filter(name="region", label="Region", kind="choice"),
        Filter(name="delivery", label="How", kind="choice", choices=_MODELS),
        Filter(name="setting", label="Where you work", kind="choice"),
        Filter(name="content", label="What it covers", kind="choice"),
        Filter(name="awarding_body", label="Awarding body", kind="choice"),
        Filter(name="status", label="Status", kind="choice", choices=_STATUSES),
        Filter(name="without_degree", label="Can be taken without a degree", kind="tick"),
        Filter(name="possible", label="Also those of which no source says it", kind="tick"),
    ),
)


@router.get(COURSES.path)
async def courses(request: Request) -> Response:
    """Courses of the latest edition by filter, nearest first."""
    asked = COURSES.asked(request)
    if mistake := COURSES.mistake(asked):
        return once_more(COURSES, {}, field_name=mistake[0], says=mistake[1])
    caller = Caller(
        request_id=request.scope.get("state", {}).get("request_id"), until=time.monotonic() + SECONDS
    )
    register: Service = request.app.state.services["register"]
    regions, settings, contents, bodies = await asyncio.gather(
        or_none(titles(register, "/v1/regions", caller=caller)),
        or_none(titles(register, "/v1/settings", caller=caller)),
        or_none(learning.contents(register, caller=caller)),
        or_none(titles(register, "/v1/awarding-bodies", caller=caller)),
    )
    listing = COURSES.with_choices(region=regions, setting=settings, content=contents, awarding_body=bodies)
    try:
        found, listed = await asyncio.gather(
            learning.courses(register, wanted=asked, caller=caller),
            whole(register, "/v1/sources", SOURCES, caller=caller),
        )
    except Refusal as refusal:
        return refused(listing, asked, refusal)
    return shown(listing, asked, _found(found, asked, regions, {each.code: each for each in listed}))


def _found(
    found: Courses, asked: Mapping[str, str], regions: Mapping[str, str], sources: Mapping[str, Source]
) -> Found:
    cards = [_card(each, regions, sources) for each in found.items]
    many = "1 more course" if found.possible == 1 else f"{found.possible} more courses"
    hidden = found.possible > 0 and asked.get("possible") != "true"
    return Found(
        cards=cards,
        next=found.next,
        note=f"From the edition {found.edition} of the directory: so it was then, and may have changed.",
        more=f"{many} may fit, but no source says so." if hidden else "",
        more_link=COURSES.address(asked, possible="true") if hidden else "",
        sources=cited((tag for card in cards for tag in card.tags), sources),
    )


def _card(course: Course, regions: Mapping[str, str], sources: Mapping[str, Source]) -> Card:
    body = course.awarding_body
    place = regions.get(body.region, body.region) if body.region else None
    said = {
        "How": [_based(each, _MODELS.get(each.model or "", "")) for each in _of(course, "delivery")],
        "Open to people in": [_based(each, _open(each, regions)) for each in _of(course, "availability")],
        "Asked at entry": [_based(each, _entry(each)) for each in _of(course, "entry")],
        "Takes": [_based(each, _takes(each)) for each in _of(course, "duration")],
    }
    facts = [
        ("Awarded by", [f"{body.title}, {place}" if place else body.title]),
        ("Leads to", [_award(each.title, each.level_as_printed) for each in course.awards]),
        ("Status", [_STATUSES.get(course.status, course.status)]),
        *((label, [line for line in lines if line] or ["No source says"]) for label, lines in said.items()),
    ]
    if course.unknown:
        facts.append(("No source says", [each.replace("_", " ").capitalize() for each in course.unknown]))
    refs = {course.source.ref, *(each.source.ref for each in course.statements)}
    return Card(
        title=course.title,
        says=course.note or "",
        facts=facts,
        tags=tags(" ".join(sorted(refs)), sources),
    )


def _of(course: Course, kind: str) -> list[Statement]:
    return [each for each in course.statements if each.kind == kind]


def _based(statement: Statement, words: str) -> str:
    """Return words with how near their source comes to this course; nothing where there are no words."""
    basis = _BASES.get(statement.basis)
    return f"{words} ({basis})" if words and basis else words


def _award(title: str, level: str | None) -> str:
    return f"{title}, {level}" if level and level not in title else title


def _open(statement: Statement, regions: Mapping[str, str]) -> str:
    if statement.region is None:
        return "All of England"
    place = regions.get(statement.region, statement.region)
    way = _WAYS.get(statement.how or "")
    return f"{place}, {way}" if way else place


def _entry(statement: Statement) -> str:
    words = [_ENTRY.get(each, each.replace("_", " ")) for each in statement.one_of]
    several = "one of these, the source does not say which: " if len(words) > 1 else ""
    said = several + ", ".join(words)
    return said[:1].upper() + said[1:]


def _takes(statement: Statement) -> str:
    least, most = statement.min_months, statement.max_months
    months = ""
    if least is not None and most is not None:
        months = f"{most} months" if least == most else f"{least} to {most} months"
    elif most is not None:
        months = f"up to {most} months"
    elif least is not None:
        months = f"at least {least} months"
    mode = {"part_time": "part-time", "full_time": "full-time"}.get(statement.mode or "", "")
    said = ", ".join(part for part in (months, mode) if part)
    return said[:1].upper() + said[1:]
