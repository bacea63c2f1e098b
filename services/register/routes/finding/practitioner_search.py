"""The search of the public register over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.register.domain.person import HomeCountry
from services.register.domain.policy import Scope
from services.register.operations.finding import search
from services.register.operations.finding.search import Found, How, Wanted
from services.register.routes.axes import only_these_parameters
from services.register.routes.fields import Code, Line
from services.register.routes.practitioner_bodies import PublicPractitioner, public_view
from shared.paging import After, Limit
from shared.web import Db, Now, guarded_router, page_body

router = guarded_router("practitioners")

PARAMETERS = (
    "q", "home_country", "region", "scope", "specialism", "language", "client_group", "limit", "after"
)  # fmt: skip
Name = Annotated[
    Line | None,
    Query(
        description="Words of a name, in any order, as you know them: accents, hyphens and capitals do not "
        "matter, an initial or the beginning of a word will do beside another word, and a slip is forgiven."
    ),
]
Filter = Annotated[Code | None, Query(description="A code of the reference data, or its title.")]


class NameMatchOut(BaseModel):
    """How somebody was found by a name.

    `exact`: every word stands in the name. `start`: a word is the beginning of one. `spelled_alike`: a word
    is one slip away. `sounds_alike`: a word sounds like one. `previous_name` says that it was one that
    the person no longer goes by; which one is not told.
    """

    how: How
    previous_name: bool


class FoundOut(BaseModel):
    """Somebody who was found; `match` is null where no name was asked for."""

    practitioner: PublicPractitioner
    match: NameMatchOut | None

    @classmethod
    def of(cls, found: Found) -> "FoundOut":
        """Return who was found as it is shown."""
        view = public_view(found.practitioner)
        assert isinstance(view, PublicPractitioner)  # noqa: S101 - others are not found
        hit = found.hit
        match = (
            None if hit.matched is None else NameMatchOut(how=hit.matched, previous_name=hit.previous_name)
        )
        return cls(practitioner=view, match=match)


class FoundPage(BaseModel):
    """Who was found, best first.

    `cut` says that more names were met than are ranked: add a word or a place to narrow the search.
    """

    items: list[FoundOut]
    next: str | None
    cut: bool


@router.get("/v1/practitioners", operation_id="findPractitioners", response_model=FoundPage)
async def find_practitioners(
    request: Request,
    response: Response,
    db: Db,
    now: Now,
    q: Name = None,
    home_country: Annotated[HomeCountry | None, Query()] = None,
    region: Filter = None,
    scope: Annotated[Scope | None, Query(description="A scope of practice held today.")] = None,
    specialism: Filter = None,
    language: Filter = None,
    client_group: Filter = None,
    limit: Limit = 50,
    after: After = None,
) -> FoundPage:
    """Find people who are or were on the register, with what the register says of them today.

    By name: exact names first, then beginnings, slips and names that sound alike; previous names after
    present ones. Without a name: everybody who meets the filters, in no order that means anything. Somebody
    may have asked, for their safety, to be shown by their exact number only: they are not found here.
    """
    only_these_parameters(request, *PARAMETERS)
    filters = {
        "home_country": None if home_country is None else home_country.value,
        "regions": region,
        "specialisms": specialism,
        "languages": language,
        "client_groups": client_group,
    }
    wanted = Wanted(name=q, scope=scope, filters={name: code for name, code in filters.items() if code})
    found = await search.search(db, wanted=wanted, after=after, limit=limit, now=now)
    body = FoundPage(
        items=[FoundOut.of(each) for each in found.page.items], next=found.page.next, cut=found.cut
    )
    shown: FoundPage = page_body(request, response, body, next_cursor=found.page.next)
    return shown
