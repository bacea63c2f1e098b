"""What is answered from posts over HTTP: of a school, of a practitioner, of many at once."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.register.domain.posts.school import SchoolScheme
from services.register.operations.posts import reading
from services.register.operations.posts.reading import AdviserFinding, Sight
from services.register.routes.axes import KnownAt, ValidAt, only_these_parameters, parse_instant
from services.register.routes.fields import Body, Day, Number, NumberText
from services.register.routes.posts.bodies import FullPostOut, PostOut
from shared.web import Db, Now, Who, guarded_router

router = guarded_router("posts")
MOST_KEYS = 1_000
Urn = Annotated[str, StringConstraints(max_length=20)]
UrnInPath = Annotated[Urn, Path(description="A URN, or a reference of the scheme that is named.")]


class PostsOut(BaseModel):
    """Posts as the caller may see them, the day and the instant that they are about."""

    items: list[FullPostOut | PostOut]
    valid_at: date
    known_at: datetime
    notes: list[str]

    @classmethod
    def of(cls, sight: Sight) -> "PostsOut":
        """Return the posts as they are shown: in full where the caller may speak for a side."""
        day = sight.axes.valid_at
        items = [
            (FullPostOut if held.post_id in sight.full else PostOut).of(held, day=day) for held in sight.posts
        ]
        return cls(items=items, valid_at=day, known_at=sight.axes.said_at, notes=list(sight.axes.notes))


class KeysIn(Body):
    """Registration numbers and URNs, up to 1,000 together, of a day and as known at an instant."""

    numbers: Annotated[list[NumberText], Field(default_factory=list, max_length=MOST_KEYS)]
    urns: Annotated[list[Urn], Field(default_factory=list, max_length=MOST_KEYS)]
    valid_at: Day | None = None
    known_at: Annotated[datetime, BeforeValidator(parse_instant)] | None = None

    @model_validator(mode="after")
    def _some_keys(self) -> "KeysIn":
        if not 1 <= len(self.numbers) + len(self.urns) <= MOST_KEYS:
            raise PydanticCustomError("keys", "Send from 1 to 1,000 numbers and URNs.")
        return self


class KeyOut(BaseModel):
    """A number or a URN as it was asked, and the posts of the day that the public may see."""

    number: str | None
    urn: str | None
    posts: list[PostOut]


class KeysOut(BaseModel):
    """One item for each number, then one for each URN, in the order asked."""

    items: list[KeyOut]


class UrnsIn(Body):
    """The schools that are asked about, since the register does not hold all schools."""

    urns: Annotated[list[Urn], Field(min_length=1, max_length=MOST_KEYS)]
    valid_at: Day | None = None


class SchoolFindingOut(BaseModel):
    """What the register knows of a school; `no_adviser_known` does not say that there is none."""

    urn: str
    finding: AdviserFinding


class SchoolFindingsOut(BaseModel):
    """One finding for each URN in the order asked, and the URNs without a licensed adviser."""

    items: list[SchoolFindingOut]
    without_licensed_adviser: list[str]


@router.get("/v1/schools/{urn}/posts", operation_id="listPostsOfSchool", response_model=PostsOut)
async def list_posts_of_school(
    urn: UrnInPath,
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    scheme: Annotated[SchoolScheme, Query(description="Who gave the reference.")] = SchoolScheme.URN,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> PostsOut:
    """Return who works at a school on a day: its careers leader and advisers, each with the verdict.

    Anyone sees posts that both sides attest; the school itself, an association of its own members and a
    registrar see one-sided and disputed ones too.
    """
    only_these_parameters(request, "scheme", "valid_at", "known_at")
    return PostsOut.of(
        await reading.at_school(
            db, scheme=scheme, value=urn, valid_at=valid_at, known_at=known_at, actor=who, now=now
        )
    )


@router.get(
    "/v1/practitioners/{number}/posts", operation_id="listPostsOfPractitioner", response_model=PostsOut
)
async def list_posts_of_practitioner(
    number: Number,
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> PostsOut:
    """Return somebody's posts of a day, or of all days without one, as the caller may see them."""
    only_these_parameters(request, "valid_at", "known_at")
    return PostsOut.of(
        await reading.of_practitioner(
            db, number=number, valid_at=valid_at, known_at=known_at, actor=who, now=now
        )
    )


@router.post("/v1/posts/batch", operation_id="lookUpPosts", response_model=KeysOut)
async def look_up_posts(body: KeysIn, db: Db, now: Now) -> Response:
    """Return the public posts of up to 1,000 numbers and URNs, in the order asked; today's without a day."""
    axes, found = await reading.many(
        db,
        numbers=body.numbers,
        urns=body.urns,
        valid_at=body.valid_at,
        known_at=body.known_at,
        now=now,
    )
    shown = KeysOut(
        items=[
            KeyOut(
                number=each.number,
                urn=each.urn,
                posts=[PostOut.of(post, day=axes.valid_at) for post in each.posts],
            )
            for each in found
        ]
    )
    return Response(shown.model_dump_json(), media_type="application/json")


@router.post(
    "/v1/schools/without-licensed-adviser",
    operation_id="findSchoolsWithoutLicensedAdviser",
    response_model=SchoolFindingsOut,
)
async def find_schools_without_licensed_adviser(body: UrnsIn, db: Db, now: Now) -> SchoolFindingsOut:
    """Tell of each school whether an adviser is known there who is licensed on the day."""
    found = await reading.advisers_of_schools(db, urns=body.urns, valid_at=body.valid_at, now=now)
    return SchoolFindingsOut(
        items=[SchoolFindingOut(urn=urn, finding=finding) for urn, finding in found],
        without_licensed_adviser=[urn for urn, finding in found if finding is not AdviserFinding.LICENSED],
    )
