"""Asking the directory for courses: what can be studied here, in this way, by such a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.register.domain.directory.course_fact import NOT_NEEDED, FactKind
from services.register.domain.directory.vocabulary import CourseStatus, DeliveryModel, TermKind
from services.register.operations.directory.editions import SeenEdition, chosen, document
from services.register.storage import reference
from services.register.storage.directory import courses
from services.register.storage.directory import search as searches
from services.register.storage.directory.courses import FoundCourse, LeadingCourse
from services.register.storage.directory.search import Asked, Match, Wish
from shared.database import Database, Transaction
from shared.errors import FieldError, NotFound, Unprocessable
from shared.paging import Page, cursor_of, page_of, place_of

SeenCourse = FoundCourse
SeenMatch = Match


class NoSuchCourse(NotFound):
    """The edition {edition} of the directory has no course {course}."""


class SearchTermUnknown(Unprocessable):
    """What is searched for is not in this edition's words: see errors for what there is."""


class LevelWithoutFramework(Unprocessable):
    """A level means nothing without its framework: give both, or neither."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseQuery:
    """What somebody asks for; None is not asked."""

    words: str | None = None
    region: str | None = None
    delivery: DeliveryModel | None = None
    without_degree: bool = False
    setting: str | None = None
    audience: str | None = None
    content: str | None = None
    framework: str | None = None
    level: str | None = None
    awarding_body: str | None = None
    status: CourseStatus | None = None

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Return what sources may be silent about."""
        kinds = (FactKind.DELIVERY, FactKind.SETTING, FactKind.AUDIENCE, FactKind.CONTENT)
        values = (self.delivery, self.setting, self.audience, self.content)
        asked = [
            Asked(name=kind.value, kind=kind, value=str(value))
            for kind, value in zip(kinds, values, strict=True)
            if value is not None
        ]
        if self.region is not None:
            asked.append(Asked(name="region", kind=FactKind.AVAILABILITY, region=self.region))
        if self.without_degree:
            asked.append(Asked(name="without_degree", kind=FactKind.DEGREE, value=NOT_NEEDED))
        return tuple(asked)


@dataclass(frozen=True, kw_only=True, slots=True)
class CoursesFound:
    """Courses nearest first, each with how it matches; how many more may match of which no source says so."""

    edition: SeenEdition
    items: Sequence[tuple[SeenCourse, SeenMatch]]
    next: str | None
    possible: int


async def search(
    db: Database,
    *,
    query: CourseQuery,
    edition: str | None,
    possible: bool,
    after: str | None,
    limit: int,
) -> CoursesFound:
    """Return the courses that match what is asked; with ``possible``, those too that may."""
    place = place_of(after, int, int)
    if (query.framework is None) != (query.level is None):
        raise LevelWithoutFramework
    async with db.reading() as tx:
        shown = await chosen(tx, edition)
        await _check_words(tx, shown, query)
        wish = _wish(query)
        matches = await searches.search(
            tx,
            shown.code,
            wish,
            possible=possible,
            after=place and (place[0], place[1]),
            limit=limit + 1,
        )
        more = 0 if possible else await searches.count_possible(tx, shown.code, wish)
        found = await courses.read(tx, shown.code, [match.course for match in matches[:limit]])
    last = matches[limit - 1] if len(matches) > limit else None
    return CoursesFound(
        edition=shown,
        items=list(zip(found, matches[:limit], strict=True)),
        next=None if last is None else cursor_of(last.distance, last.position),
        possible=more,
    )


async def get(db: Database, *, code: str, edition: str | None) -> tuple[SeenEdition, SeenCourse]:
    """Return a course with all that the edition states of it."""
    async with db.reading() as tx:
        shown = await chosen(tx, edition)
        found = await courses.read(tx, shown.code, [code])
    if not found:
        raise NoSuchCourse(edition=shown.code, course=code)
    return shown, found[0]


async def awarding_bodies(
    db: Database, *, edition: str | None, after: str | None, limit: int
) -> tuple[SeenEdition, Page[tuple[Mapping[str, Any], Sequence[str]]]]:
    """Return awarding bodies in the order of the edition, each with the codes of its courses."""
    (last,) = place_of(after, int) or (-1,)
    async with db.reading() as tx:
        shown = await chosen(tx, edition)
        rows = await courses.awarding_bodies(tx, shown.code, after=last, limit=limit + 1)
    page = page_of(rows, limit=limit, place=lambda row: (row[0],))
    return shown, Page([(body, theirs) for _, body, theirs in page.items], page.next)


async def leading_to(
    tx: Transaction, *, levels: Collection[tuple[str, str]], qualifications: Collection[str]
) -> Sequence[LeadingCourse]:
    """Return the running courses of the latest edition that end at one of these levels or qualifications.

    ``levels`` are pairs of a framework and a level in it, ``qualifications`` codes of the reference data.
    A course whose level no source states is found by its qualification only.
    """
    shown = await chosen(tx, None)
    return await courses.leading_to(tx, shown.code, levels=levels, qualifications=qualifications)


def _wish(query: CourseQuery) -> Wish:
    return Wish(
        asked=query.asked,
        framework=query.framework,
        level=query.level,
        awarding_body=query.awarding_body,
        status=None if query.status is None else query.status.value,
        words=(query.words or "").split(),
    )


async def _check_words(tx: Transaction, edition: SeenEdition, query: CourseQuery) -> None:
    """Refuse a code that is not there: a misspelt region would look like one without courses."""
    known: dict[str, Sequence[str]] = {}
    for name, kind in (("region", "regions"), ("setting", "settings"), ("framework", "frameworks")):
        if getattr(query, name) is not None:
            known[name] = [entry["code"] for entry in await reference.bodies(tx, kind)]
    if query.audience or query.content or query.awarding_body:
        said = await document(tx, edition)
        for term in TermKind:
            known[term.value] = [each["code"] for each in said["terms"] if each["kind"] == term]
        known["awarding_body"] = [body["code"] for body in said["awarding_bodies"]]
    errors = [
        FieldError(f"query:/{name}", "unknown", f"There are {', '.join(codes)}.")
        for name, codes in known.items()
        if (asked := getattr(query, name)) is not None and asked not in codes
    ]
    if errors:
        raise SearchTermUnknown(errors=errors)
