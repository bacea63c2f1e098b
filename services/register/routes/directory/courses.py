"""Courses of the directory over HTTP: what can be studied here, in this way, by such a person."""

from typing import Annotated

from fastapi import Path, Query, Request, Response
from pydantic import AfterValidator, Field

from services.register.domain.directory.vocabulary import CourseStatus, DeliveryModel
from services.register.operations.directory import courses
from services.register.operations.directory.courses import CourseQuery
from services.register.routes.axes import only_these_parameters
from services.register.routes.directory.course_bodies import (
    AwardingBodyOut,
    AwardingBodyPage,
    CourseOut,
    CoursePage,
)
from services.register.routes.fields import Body, Code, Line
from shared.paging import DEFAULT_LIMIT, MOST, After, Limit
from shared.web import Db, guarded_router, page_body, with_etag

router = guarded_router("directory")

InEdition = Annotated[
    Code | None, Query(description="The edition to be told about, such as 2008-09; the latest, if not said.")
]
CourseCode = Annotated[Code, Path(description="The course's code in the edition.")]
MOST_WORDS = 10


def _some_words(text: str | None) -> str | None:
    if text is not None and len(text.split()) > MOST_WORDS:
        raise ValueError(f"Search for at most {MOST_WORDS} words.")
    return text


class CourseParameters(Body):
    """What can be asked of courses; a parameter that is not known is refused, not passed over."""

    q: Annotated[
        Line | None,
        AfterValidator(_some_words),
        Field(description="Words that the title, or the awarding body's, has to contain, all of them."),
    ] = None
    region: Code | None = Field(default=None, description="A letter of `GET /v1/regions`, such as D.")
    delivery: DeliveryModel | None = None
    without_degree: bool = Field(default=False, description="Only what can be taken without a degree.")
    setting: Code | None = Field(default=None, description="A code of `GET /v1/settings`.")
    audience: Code | None = Field(default=None, description="A term of the edition, such as non_teacher.")
    content: Code | None = Field(default=None, description="A term of the edition.")
    framework: Code | None = Field(default=None, description="The framework of `level`.")
    level: Code | None = Field(default=None, description="A level in its `framework`.")
    awarding_body: Code | None = None
    status: CourseStatus | None = None
    possible: bool = Field(default=False, description="List those too of which no source says it.")
    edition: Code | None = Field(default=None, description="The edition; the latest, if not said.")
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MOST, description="How many items at the most.")
    after: str | None = Field(default=None, max_length=512, description="The `next` of the page before.")


@router.get("/v1/courses", operation_id="listCourses", response_model=CoursePage)
async def list_courses(
    request: Request, response: Response, db: Db, asked: Annotated[CourseParameters, Query()]
) -> CoursePage:
    """List courses, nearest first: made for what is asked before open to it, in the region before national.

    A course of which no source says what is asked is only counted in `possible`, unless `possible=true`.
    What can be taken from all of England is found in every region.
    """
    words = asked.model_dump(exclude={"q", "possible", "edition", "limit", "after"})
    found = await courses.search(
        db,
        query=CourseQuery(words=asked.q, **words),
        edition=asked.edition,
        possible=asked.possible,
        after=asked.after,
        limit=asked.limit,
    )
    shown = found.edition.code
    body = CoursePage(
        edition=shown,
        items=[CourseOut.of(shown, course, match.unknown) for course, match in found.items],
        possible=found.possible,
        next=found.next,
    )
    answer: CoursePage = page_body(request, response, body, next_cursor=found.next)
    return answer


@router.get("/v1/courses/{course}", operation_id="getCourse", response_model=CourseOut)
async def get_course(course: CourseCode, request: Request, db: Db, edition: InEdition = None) -> Response:
    """Read one course with all that the edition states of it."""
    only_these_parameters(request, "edition")
    shown, found = await courses.get(db, code=course, edition=edition)
    return with_etag(request, CourseOut.of(shown.code, found))


@router.get("/v1/awarding-bodies", operation_id="listAwardingBodies", response_model=AwardingBodyPage)
async def list_awarding_bodies(
    request: Request,
    response: Response,
    db: Db,
    edition: InEdition = None,
    limit: Limit = 50,
    after: After = None,
) -> AwardingBodyPage:
    """List the awarding bodies of an edition, each with its courses."""
    only_these_parameters(request, "edition", "limit", "after")
    shown, page = await courses.awarding_bodies(db, edition=edition, after=after, limit=limit)
    items = [AwardingBodyOut.of(*each) for each in page.items]
    body = AwardingBodyPage(edition=shown.code, items=items, next=page.next)
    answer: AwardingBodyPage = page_body(request, response, body, next_cursor=page.next)
    return answer
