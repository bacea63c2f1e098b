"""Schools over HTTP, as their national register describes them."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel, StringConstraints

from services.kitemark.domain.establishments.gias import Establishment, Link
from services.kitemark.operations.establishments import looking_up
from services.kitemark.operations.establishments.looking_up import SeenSchool
from services.kitemark.routes.awards.awards import SchoolInPath
from services.kitemark.routes.axes import only_these_parameters
from shared.paging import After, Limit
from shared.web import Db, guarded_router, page_body, with_etag

router = guarded_router("schools")
Code = Annotated[str | None, StringConstraints(max_length=20), Query()]
PARAMETERS = ("q", "la_code", "laestab", "ukprn", "postcode", "phase", "open_only", "limit", "after")


class SchoolOut(BaseModel):
    """A school as the file of its national register has it; what that does not say is null."""

    number: str
    name: str
    status: str
    opened_on: date | None
    closed_on: date | None
    la_code: str | None
    la_name: str | None
    laestab: str | None
    ukprn: str | None
    type: str | None
    phase: str | None
    region: str | None
    town: str | None
    postcode: str | None

    @classmethod
    def of(cls, found: Establishment) -> "SchoolOut":
        """Return the school as it is shown."""
        return cls(**{name: getattr(found, name) for name in cls.model_fields})


class LinkOut(BaseModel):
    """Another school, and what it is to this one, such as Predecessor or Successor."""

    number: str
    kind: str
    since: date | None

    @classmethod
    def of(cls, link: Link) -> "LinkOut":
        """Return the link as it is shown."""
        return cls(number=link.linked, kind=link.kind, since=link.since)


class SeenSchoolOut(SchoolOut):
    """A school with the schools that came before and after it."""

    links: list[LinkOut]

    @classmethod
    def seen(cls, seen: SeenSchool) -> "SeenSchoolOut":
        """Return the school as it is shown."""
        school = SchoolOut.of(seen.establishment).model_dump()
        return cls(links=[LinkOut.of(each) for each in seen.links], **school)


class SchoolPage(BaseModel):
    """Some schools, and the cursor of the next page."""

    items: list[SchoolOut]
    next: str | None


@router.get("/v1/schools", operation_id="findSchools", response_model=SchoolPage)
async def find_schools(
    request: Request,
    response: Response,
    db: Db,
    q: Annotated[str | None, Query(max_length=200, description="Words of the name, accents or not.")] = None,
    la_code: Code = None,
    laestab: Code = None,
    ukprn: Code = None,
    postcode: Code = None,
    phase: Annotated[str | None, Query(max_length=100)] = None,
    open_only: bool = False,
    limit: Limit = 50,
    after: After = None,
) -> SchoolPage:
    """Find schools by the words of their names, their numbers in other registers, or where they are."""
    only_these_parameters(request, *PARAMETERS)
    given = {"la_code": la_code, "laestab": laestab, "ukprn": ukprn, "postcode": postcode, "phase": phase}
    page = await looking_up.search(
        db,
        name=q,
        exactly={name: value.strip() for name, value in given.items() if value},
        only_open=open_only,
        after=after,
        limit=limit,
    )
    body = SchoolPage(items=[SchoolOut.of(each) for each in page.items], next=page.next)
    shown: SchoolPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get("/v1/schools/{school}", operation_id="getSchool", response_model=SeenSchoolOut)
async def get_school(school: SchoolInPath, request: Request, db: Db) -> Response:
    """Return a school, open or closed, with the schools that came before and after it."""
    return with_etag(request, SeenSchoolOut.seen(await looking_up.get(db, number=school)))
