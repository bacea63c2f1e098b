"""Posts over HTTP: what each side says of them."""

from collections.abc import Callable

from fastapi import Request, Response
from pydantic import StrictBool

from services.register.operations.posts import posts
from services.register.operations.posts.posts import SPEAKERS, SeenPost
from services.register.routes.fields import Body, Day, Line, Sentence
from services.register.routes.posts.bodies import FullPostOut, PostIn
from shared.clock import london_day
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, said, with_etag

router = guarded_router("posts")


class AttestationIn(Body):
    """The word of the caller's side; a registrar says what was seen as evidence."""

    evidence: Line | None = None


class DisputeIn(Body):
    """What is not true of the post."""

    reason: Sentence


class EndingIn(Body):
    """The last day of the post; today if not said."""

    valid_to: Day | None = None


class VisibilityIn(Body):
    """Whether the person asks not to be shown to the public in this post."""

    withheld: StrictBool


def _shown(now: Now) -> Callable[[SeenPost], FullPostOut]:
    return lambda held: FullPostOut.of(held, day=london_day(now))


def _location(held: SeenPost) -> str:
    return f"/v1/posts/{held.post_id}"


@router.post(
    "/v1/posts",
    operation_id="tellPost",
    status_code=201,
    response_model=FullPostOut,
    openapi_extra=needs(*SPEAKERS),
)
async def tell_post(body: PostIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Tell of a post, as one side. It is one-sided, and not public, until the other side attests it."""
    once = maker.rendering(_shown(now), location=_location)
    await posts.tell(db, once, wanted=body.told(), actor=who, now=now)
    return said(once)


@router.get(
    "/v1/posts/{post_id}",
    operation_id="getPost",
    response_model=FullPostOut,
    openapi_extra=needs(*SPEAKERS),
)
async def get_post(post_id: Id, request: Request, db: Db, who: Who, now: Now) -> Response:
    """Read a post for one of whose sides the caller may speak."""
    held = await posts.get(db, post_id=post_id, actor=who, now=now)
    return with_etag(request, _shown(now)(held))


@router.post(
    "/v1/posts/{post_id}/attestations",
    operation_id="attestPost",
    status_code=201,
    response_model=FullPostOut,
    openapi_extra=needs(*SPEAKERS),
)
async def attest_post(
    post_id: Id, body: AttestationIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Attest a post for the caller's side, or take back this side's dispute."""
    once = maker.rendering(_shown(now), location=_location)
    await posts.attest(db, once, post_id=post_id, evidence=body.evidence, actor=who, now=now)
    return said(once)


@router.post(
    "/v1/posts/{post_id}/disputes",
    operation_id="disputePost",
    status_code=201,
    response_model=FullPostOut,
    openapi_extra=needs(*SPEAKERS),
)
async def dispute_post(
    post_id: Id, body: DisputeIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Say that what the other side says is not true. The public sees the post no longer."""
    once = maker.rendering(_shown(now), location=_location)
    await posts.dispute(db, once, post_id=post_id, reason=body.reason, actor=who, now=now)
    return said(once)


@router.post(
    "/v1/posts/{post_id}/ending",
    operation_id="endPost",
    status_code=201,
    response_model=FullPostOut,
    openapi_extra=needs(*SPEAKERS),
)
async def end_post(
    post_id: Id, body: EndingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Say which day is the last of a post. Either side may."""
    once = maker.rendering(_shown(now), location=_location)
    await posts.end(db, once, post_id=post_id, on=body.valid_to, actor=who, now=now)
    return said(once)


@router.post(
    "/v1/posts/{post_id}/visibility",
    operation_id="withholdPost",
    status_code=201,
    response_model=FullPostOut,
    openapi_extra=needs("members:write", "register:decide"),
)
async def withhold_post(
    post_id: Id, body: VisibilityIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Keep a post from the public because its person asks for it, or show it again."""
    once = maker.rendering(_shown(now), location=_location)
    await posts.withhold(db, once, post_id=post_id, withheld=body.withheld, actor=who, now=now)
    return said(once)
