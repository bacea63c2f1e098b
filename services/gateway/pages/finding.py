"""Finding whom to check by name: a person, a school, a provider; and the page of one provider."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from services.gateway.clients import public
from services.gateway.clients.caller import Caller
from services.gateway.clients.public import FoundPerson, FoundProvider, FoundSchool
from services.gateway.clients.upstream import Service
from services.gateway.pages import wording
from services.gateway.pages.rendering import page
from shared.clock import Clock, london_day
from shared.errors import Malformed, NotFound, Refusal, Unprocessable

router = APIRouter(tags=["pages"], include_in_schema=False)

LONGEST = 200
_UKPRN = re.compile(r"[0-9]{8}")
_URN = re.compile(r"[0-9]{6}")
_LAESTAB = re.compile(r"[0-9]{3}[/ -]?[0-9]{4}")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", re.IGNORECASE)
_COMPLIANT = {
    "compliant": wording.Heading("Accredited as it has to be", "good"),
    "not_required": wording.Heading("Nothing is required", "good"),
    "recommended_and_missing": wording.Heading("Recommended, and missing", "caution"),
    "not_compliant": wording.Heading("Not accredited as it has to be", "stop"),
    "unknown": wording.Heading("Not everything is known", "caution"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """What is looked for, in the words of its page."""

    path: str
    heading: str
    lead: str
    label: str
    hint: str
    button: str
    nothing: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """Something that was found: where it leads, and what tells it from others."""

    link: str
    name: str
    lines: tuple[str, ...]


PEOPLE = Kind(
    path="/find",
    heading="Find a careers adviser by name",
    lead="For when you do not have the registration number. You find people who are or were on the register.",
    label="Name",
    hint="As you know it: accents do not matter, and a slip or an earlier name is forgiven.",
    button="Find this person",
    nothing="Nobody of this name is on the public register. That does not say that somebody is not licensed: "
    "ask them for their registration number.",
)
SCHOOLS = Kind(
    path="/schools",
    heading="Find a school",
    lead="See whether a school or college holds the national mark, and who gives guidance there.",
    label="Name, postcode, URN, LAESTAB or UKPRN",
    hint="For example Exampleton Academy, or 100001.",
    button="Find this school",
    nothing="No school is known under this. The page of a school takes its number, whatever its nation.",
)
PROVIDERS = Kind(
    path="/providers",
    heading="Find a provider of guidance",
    lead="See whether an organisation that gives careers guidance is accredited as it has to be.",
    label="Name or UKPRN",
    hint="A UKPRN has eight digits, for example 10000001.",
    button="Find this provider",
    nothing="No provider is recorded under this. Ask the organisation for its UKPRN.",
)

Query_ = Annotated[str, Query()]
Search = Callable[[], Awaitable[tuple[list[Hit], bool]]]


@router.get(PEOPLE.path)
async def find_people(request: Request, q: Query_ = "") -> Response:
    """People by name."""

    async def search() -> tuple[list[Hit], bool]:
        found = await public.people(_service(request, "register"), name=q.strip(), caller=_caller(request))
        return [_person(each) for each in found.items], found.cut or found.next is not None

    return await _answered(PEOPLE, q, search)


@router.get(SCHOOLS.path)
async def find_schools(request: Request, q: Query_ = "") -> Response:
    """Schools by name, postcode or number; one that is found alone is led to by its number."""

    async def search() -> tuple[list[Hit], bool]:
        wanted = _school_wanted(q.strip())
        if "urn" in wanted:
            urn = wanted["urn"]
            return [Hit(link=f"/school?urn={urn}", name=f"School {urn}", lines=("Check this URN",))], False
        service = _service(request, "kitemark")
        found = await public.schools(service, params=wanted, caller=_caller(request))
        return [_school(each) for each in found.items], found.next is not None

    return await _answered(SCHOOLS, q, search)


@router.get(PROVIDERS.path)
async def find_providers(request: Request, q: Query_ = "") -> Response:
    """Providers by name or UKPRN."""

    async def search() -> tuple[list[Hit], bool]:
        if _UKPRN.fullmatch(q.strip()):
            ukprn = q.strip()
            return [Hit(link=f"/provider?ukprn={ukprn}", name=f"Provider {ukprn}", lines=())], False
        service = _service(request, "kitemark")
        found = await public.providers(service, name=q.strip(), caller=_caller(request))
        return [_provider(each) for each in found.items], found.next is not None

    return await _answered(PROVIDERS, q, search)


@router.get("/provider")
async def provider(request: Request, ukprn: Query_ = "") -> Response:
    """Whether one provider is accredited as it has to be today, rule by rule."""
    clock: Clock = request.app.state.clock
    if not _UKPRN.fullmatch(ukprn.strip()):
        return _form(PROVIDERS, ukprn, mistake="A UKPRN has eight digits", status=400)
    service = _service(request, "kitemark")
    try:
        found = await public.compliance(service, ukprn=ukprn.strip(), caller=_caller(request))
    except NotFound:
        return _form(PROVIDERS, ukprn, mistake=PROVIDERS.nothing, status=404)
    except Refusal:
        return _cannot_say(PROVIDERS, ukprn)
    return page(
        "provider.html",
        provider=found,
        asked=[each for each in found.findings if each.answer != "not_required"],
        not_asked=[each for each in found.findings if each.answer == "not_required"],
        heading=_COMPLIANT[found.answer],
        words={word: each.words for word, each in _COMPLIANT.items()},
        day=wording.day(london_day(clock())),
        checked=wording.moment(clock()),
    )


async def _answered(kind: Kind, q: str, search: Search) -> Response:
    if not q.strip():
        return _form(kind, q)
    if len(q) > LONGEST or not q.isprintable():
        return _form(kind, "", mistake="Type fewer words, without special characters", status=400)
    try:
        hits, more = await search()
    except (Malformed, Unprocessable) as refusal:
        said = refusal.errors[0].detail if refusal.errors else refusal.detail
        return _form(kind, q, mistake=said, status=400)
    except Refusal:
        return _cannot_say(kind, q)
    return page("found.html", kind=kind, q=q.strip(), hits=hits, more=more, mistake=None)


def _form(kind: Kind, q: str, *, mistake: str | None = None, status: int = 200) -> Response:
    return page("found.html", status=status, kind=kind, q=q, hits=None, more=False, mistake=mistake)


def _cannot_say(kind: Kind, q: str) -> Response:
    return page(
        "cannot-search.html",
        status=503,
        headers={"Retry-After": "5"},
        again=f"{kind.path}?{urlencode({'q': q})}",
    )


def _school_wanted(q: str) -> dict[str, str]:
    if _URN.fullmatch(q):
        return {"urn": q}
    if _UKPRN.fullmatch(q):
        return {"ukprn": q}
    if _LAESTAB.fullmatch(q):
        return {"laestab": q}
    return {"postcode": q} if _POSTCODE.fullmatch(q) else {"q": q}


def _person(found: FoundPerson) -> Hit:
    person = found.practitioner
    earlier = found.match is not None and found.match.previous_name
    lines: Sequence[str] = (
        wording.heading(person.licence).words,
        person.number,
        *((person.home_country.replace("_", " ").capitalize(),) if person.home_country else ()),
        *(("Found by an earlier name",) if earlier else ()),
    )
    name = f"{person.given_names} {person.family_name}".strip()
    return Hit(link=f"/check?number={person.number}", name=name, lines=tuple(lines))


def _school(found: FoundSchool) -> Hit:
    place = ", ".join(part for part in (found.town, found.postcode, found.la_name) if part)
    status = () if found.status == "open" else (found.status.replace("_", " ").capitalize(),)
    lines = (f"URN {found.number}", *((place,) if place else ()), *status)
    return Hit(link=f"/school?urn={found.number}", name=found.name, lines=lines)


def _provider(found: FoundProvider) -> Hit:
    trades = (f"Trades as {found.trade_name}",) if found.trade_name else ()
    lines = (f"UKPRN {found.ukprn}", *trades)
    return Hit(link=f"/provider?ukprn={found.ukprn}", name=found.name, lines=lines)


def _service(request: Request, name: str) -> Service:
    services: dict[str, Any] = request.app.state.services
    service: Service = services[name]
    return service


def _caller(request: Request) -> Caller:
    return Caller(request_id=request.scope.get("state", {}).get("request_id"))
