"""What a route uses: who calls, the database, the time, scopes stated in OpenAPI, answers given once."""

import base64
import hashlib
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Path, Request, Response
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry
from pydantic import BaseModel
from sqlalchemy import Table
from starlette.types import Message, Receive

from shared import problems, stopping
from shared.actor import Actor
from shared.clock import Clock
from shared.database import Database
from shared.disclosures import STATED, DisclosureLog, disclosing
from shared.errors import Refusal, Stale
from shared.idempotency import Answer, Once, request_bytes
from shared.openapi import COMMON_ANSWERS, described
from shared.rates import RateLimits, Rates, RateSettings
from shared.requests import Surroundings
from shared.tokens import TokenVerifier

LARGEST_BODY = 2 * 1024 * 1024
LARGEST_BODY_KEY = "x-largest-body"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ChangedSinceRead(Stale):
    """This has changed since you read it: read it again and decide anew."""


class GuardedRoute(APIRoute):
    """A route that knows its caller, and has checked the scope, before it reads a byte of the body."""

    def get_route_handler(self) -> Handler:
        """Return the handler behind the guard."""
        handle = super().get_route_handler()
        scopes = scopes_of(self.openapi_extra)
        stated = (self.openapi_extra or {}).get(STATED)
        if stated is not None:
            operation = self.operation_id or self.name
            handle = disclosing(handle, stated=stated, model=self.response_model, operation=operation)
        most = (self.openapi_extra or {}).get(LARGEST_BODY_KEY, LARGEST_BODY)

        async def guarded(request: Request) -> Response:
            actor = await caller_of(request)
            request.state.actor = actor
            request.state.client_id = actor.client_id
            if scopes:
                actor.require(*scopes)
            return await handle(Request(request.scope, at_most(most, request)))

        return guarded


def at_most(most: int, request: Request) -> Receive:
    """Return a ``receive`` that refuses a body as soon as it is known to be larger than ``most`` bytes."""
    stated = request.headers.get("content-length", "0")
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        if stated.isdecimal() and int(stated[:20]) > most:
            raise problems.RequestTooLarge(most=most)
        message = await request.receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise problems.RequestTooLarge(most=most)
        return message

    return receive


async def caller_of(request: Request) -> Actor:
    """Return who calls; raises TokenNotValid."""
    tokens: TokenVerifier = request.app.state.tokens
    now: datetime = request.app.state.clock()
    # Sent twice, the header is one list, as a proxy would make of it: no valid token.
    sent = request.headers.getlist("authorization")
    return await tokens.actor(", ".join(sent) if sent else None, now=now.timestamp())


def guarded_router(tag: str) -> APIRouter:
    """Return a router whose routes are guarded; ``tag`` groups them in OpenAPI."""
    return APIRouter(route_class=GuardedRoute, tags=[tag], responses=COMMON_ANSWERS)


def needs(*scopes: str, largest_body: int | None = None) -> dict[str, Any]:
    """State in OpenAPI that a route needs a token with one of ``scopes``; the guard enforces it.

    ``largest_body`` in bytes is said where a route takes more than the usual 2 MB.
    """
    stated: dict[str, Any] = {"security": [{"oauth2": [scope]} for scope in scopes]}
    if largest_body is not None:
        stated[LARGEST_BODY_KEY] = largest_body
    return stated


def scopes_of(openapi_extra: dict[str, Any] | None) -> tuple[str, ...]:
    """Return the scopes of which a route needs one."""
    stated = (openapi_extra or {}).get("security", [])
    return tuple(scope for requirement in stated for scope in requirement.get("oauth2", []))


def _who(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


def _now(request: Request) -> datetime:
    clock: Clock = request.app.state.clock
    return clock()


def _db(request: Request) -> Database:
    db: Database = request.app.state.db
    return db


Who = Annotated[Actor, Depends(_who)]
Now = Annotated[datetime, Depends(_now)]
Db = Annotated[Database, Depends(_db)]
Id = Annotated[int, Path(ge=1, lt=2**63)]
IfMatch = Annotated[str | None, Header(max_length=200)]


async def once(
    request: Request,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Sent again with the same address and body, the request gets its first answer again.",
        ),
    ] = None,
) -> "OnceMaker":
    """Return what makes this request's Once when the route says how the answer is rendered."""
    body = await request.body()
    url = request.url
    asked = f"{url.path}?{url.query}" if url.query else url.path
    return OnceMaker(request, key, request_bytes(request.method, asked, body))


class OnceMaker:
    """Makes the Once of one request."""

    def __init__(self, request: Request, key: str | None, request_: bytes) -> None:
        self._request = request
        self._key = key
        self._bytes = request_

    def rendering(
        self,
        render: Callable[[Any], BaseModel],
        *,
        status: int = 201,
        location: Callable[[Any], str] | None = None,
    ) -> Once:
        """Return the Once whose answer is ``render`` of the operation's result."""

        def answer(result: Any) -> Answer:
            body = render(result).model_dump_json()
            return Answer(status=status, body=body, location=location(result) if location else None)

        state = self._request.app.state
        actor: Actor = self._request.state.actor
        return Once(
            state.answers,
            client_id=actor.client_id or "anyone",
            key=self._key,
            request=self._bytes,
            now=state.clock(),
            render=answer,
        )


OncePerRequest = Annotated[OnceMaker, Depends(once)]


def said(once_: Once) -> Response:
    """Return the response of a request that has been answered."""
    assert once_.said is not None  # noqa: S101 - keep() refuses to commit without an answer
    headers = {"Location": once_.said.location} if once_.said.location else None
    return Response(
        once_.said.body,
        status_code=once_.said.status,
        media_type="application/json",
        headers=headers,
    )


def etag_of(content: BaseModel) -> str:
    """Return the ETag of a resource: a digest of what it says."""
    digest = hashlib.sha256(content.model_dump_json().encode()).digest()
    return f'"{base64.urlsafe_b64encode(digest[:12]).decode()}"'


def with_etag(request: Request, content: BaseModel, *, status: int = 200) -> Response:
    """Answer a single resource with its ETag, or 304 where the caller has it already."""
    tag = etag_of(content)
    known = request.headers.get("if-none-match")
    if known is not None and tag in (part.strip() for part in known.split(",")):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(
        content.model_dump_json(),
        status_code=status,
        media_type="application/json",
        headers={"ETag": tag},
    )


def check_if_match(if_match: str | None, current: BaseModel) -> None:
    """Refuse with ChangedSinceRead when the caller holds an older version."""
    if if_match is not None and if_match != "*" and if_match != etag_of(current):
        raise ChangedSinceRead


def page_body(request: Request, response: Response, body: Any, *, next_cursor: str | None) -> Any:
    """Add the ``Link`` header of the next page to a list."""
    if next_cursor is not None:
        url = request.url.include_query_params(after=next_cursor)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
    return body


def open_routes(app: FastAPI, *routers: APIRouter) -> None:
    """Give an app the routes of these routers, in this order.

    They are taken as they stand: FastAPI's own way builds each of them anew for every app, and walks through
    the routers with every request.
    """
    for router in routers:
        app.router.routes.extend(router.routes)


def install(
    app: FastAPI,
    *,
    db: Database,
    clock: Clock,
    tokens: TokenVerifier,
    errors_url: str,
    token_url: str,
    answers: Table | None,
    scopes: dict[str, str],
    examples: Mapping[str, Any] = MappingProxyType({}),
    quiet: frozenset[str] = frozenset(),
    limits: RateSettings,
    disclosures: DisclosureLog | None = None,
) -> None:
    """Give an app its collaborators, problem documents, request ids, limits, metrics and OpenAPI security.

    ``disclosures`` is needed where a route states that it discloses; ``examples`` stand in the documentation
    (`shared.openapi`).
    """
    app.state.disclosures = disclosures
    app.state.db, app.state.clock, app.state.tokens, app.state.answers = db, clock, tokens, answers
    app.state.errors_url, app.state.registry = errors_url, CollectorRegistry()
    app.state.rates = Rates(limits)
    problems.install(app, errors_url=errors_url)
    stopping.install(app)

    def refused(refusal: Refusal, request_id: str) -> Response:
        return problems.problem_response(refusal, errors_url=errors_url, request_id=request_id)

    app.add_middleware(RateLimits, rates=app.state.rates, tokens=tokens, clock=clock, refused=refused)
    app.add_middleware(
        Surroundings,
        registry=app.state.registry,
        quiet=quiet,
        on_fault=lambda request_id: refused(problems.Fault(), request_id),
    )
    app.openapi = lambda: described(  # type: ignore[method-assign]
        app, token_url=token_url, scopes=scopes, examples=examples
    )
