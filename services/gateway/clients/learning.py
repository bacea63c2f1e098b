"""Where the profession learns: offers of CPD of every association, and the courses of the directory."""

from collections.abc import Mapping
from datetime import date

from pydantic import StrictBool, StrictInt, TypeAdapter

from services.gateway.clients.answers import Shape
from services.gateway.clients.caller import Caller
from services.gateway.clients.reference import Titled
from services.gateway.clients.upstream import Service

PER_PAGE = 20


class Offer(Shape):
    """An offer of CPD; null is not known, and ``source`` tells where one is from that nobody keeps."""

    association: str
    offer_id: str
    title: str
    provider: str
    delivery: str
    description: str | None = None
    audience: tuple[str, ...] = ()
    region: str | None = None
    place: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    hours: float | None = None
    framework: str | None = None
    level: str | None = None
    credits: StrictInt | None = None
    cost_pounds: float | None = None
    accreditation: str | None = None
    specialisms: tuple[str, ...] = ()
    address: str | None = None
    confirmed_on: date | None = None
    withdrawn: StrictBool
    source: str | None = None


class Offers(Shape):
    """A page of offers."""

    items: tuple[Offer, ...]
    next: str | None = None


class Place(Shape):
    """A document, and the place in it."""

    ref: str
    place: str


class Statement(Shape):
    """Something that the directory says of a course; which members it has depends on its ``kind``.

    ``basis`` says how near the source comes: of this very course, of its awarding body, of courses of this
    sort, or only by what follows from it.
    """

    kind: str
    basis: str
    note: str | None = None
    source: Place
    model: str | None = None
    how: str | None = None
    region: str | None = None
    one_of: tuple[str, ...] = ()
    mode: str | None = None
    min_months: StrictInt | None = None
    max_months: StrictInt | None = None


class CourseBody(Shape):
    """Who awards a course; ``region`` null is not known."""

    title: str
    region: str | None = None


class CourseAward(Shape):
    """What a course leads to; a level is as its document prints it."""

    title: str
    level_as_printed: str | None = None
    level_note: str | None = None


class Course(Shape):
    """A course of an edition of the directory; ``unknown`` is what was asked and no source says of it."""

    code: str
    title: str
    awarding_body: CourseBody
    awards: tuple[CourseAward, ...]
    status: str
    note: str | None = None
    source: Place
    statements: tuple[Statement, ...]
    unknown: tuple[str, ...] = ()


class Courses(Shape):
    """A page of courses; ``possible`` counts those that may match, and no source says so."""

    edition: str
    items: tuple[Course, ...]
    possible: StrictInt
    next: str | None = None


class _Element(Shape):
    term: Titled


class _Content(Shape):
    elements: tuple[_Element, ...]


_OFFERS = TypeAdapter(Offers)
_COURSES = TypeAdapter(Courses)
_CONTENT = TypeAdapter(_Content)


async def offers(cpd: Service, *, wanted: Mapping[str, str], caller: Caller) -> Offers:
    """Return a page of offers by the parameters of ``GET /v1/offers``."""
    params = {**wanted, "limit": PER_PAGE}
    return cpd.read(_OFFERS, await cpd.call("GET", "/v1/offers", caller=caller, params=params))


async def courses(register: Service, *, wanted: Mapping[str, str], caller: Caller) -> Courses:
    """Return a page of courses of the latest edition by the parameters of ``GET /v1/courses``."""
    params = {**wanted, "limit": PER_PAGE}
    return register.read(_COURSES, await register.call("GET", "/v1/courses", caller=caller, params=params))


async def contents(register: Service, *, caller: Caller) -> dict[str, str]:
    """Return the elements of content of the latest edition by their codes."""
    answer = await register.call("GET", "/v1/directory/content", caller=caller)
    return {each.term.code: each.term.title for each in register.read(_CONTENT, answer).elements}
