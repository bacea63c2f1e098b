"""GraphQL over HTTP: POST with JSON, GET for queries; a refusal is an answer of the graph, with a status."""

import time

import orjson
from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from services.gateway.clients.caller import Caller
from services.gateway.clients.neighbours import Neighbours
from services.gateway.graph import execution, requests
from services.gateway.graph.context import Context
from services.gateway.graph.documents import RegisteredDocuments
from services.gateway.graph.execution import Answer
from services.gateway.graph.requests import (
    GraphBodyNotReadable,
    GraphBodyTooLarge,
    GraphRequest,
    GraphRequestNotWellFormed,
)
from services.gateway.graph.schema import printed
from services.gateway.graph.sources import in_extensions
from services.gateway.loaders import Loaders
from shared.actor import Actor
from shared.errors import Refusal
from shared.web import caller_of

GRAPH = "application/graphql-response+json"
LEGACY = "application/json"
_METHODS = ["GET", "POST"]
_HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept, Authorization",
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter(tags=["graph"])


class NoneOfTheAcceptedTypes(Refusal):
    """The graph answers with application/graphql-response+json or application/json: accept one of them."""

    status = 406


class GraphBodyNotJson(Refusal):
    """A graph request is sent as Content-Type: application/json, in UTF-8 and not compressed."""

    status = 415


@router.api_route("/graphql", methods=_METHODS, include_in_schema=False)
async def graphql(request: Request) -> Response:
    """Answer one graph request; whatever comes in, the answer is one of the graph."""
    media_type = _media_type(request.headers.get("accept"))
    if media_type is None:
        return _response(execution.refused(NoneOfTheAcceptedTypes()), LEGACY)
    try:
        actor = await caller_of(request)
        request.state.client_id = actor.client_id
        documents: RegisteredDocuments = request.app.state.documents
        asked = await documents.resolve(await _read(request))
    except Refusal as refusal:
        return _response(execution.refused(refusal), media_type, refusal=refusal)
    return _response(await _answer(request, actor, asked), media_type)


@router.get("/schema.graphql", include_in_schema=False)
async def schema() -> Response:
    """The graph in the schema definition language."""
    headers = {"Cache-Control": "public, max-age=300"}
    return Response(printed(), media_type="text/plain; charset=utf-8", headers=headers)


async def _answer(request: Request, actor: Actor, asked: GraphRequest) -> Answer:
    neighbours: Neighbours = request.app.state.neighbours
    request_id: str = request.scope.get("state", {}).get("request_id", "")
    caller = Caller(
        authorization=request.headers.get("authorization"),
        request_id=request_id,
        until=time.monotonic() + execution.SECONDS,
    )
    context = Context(
        loaders=Loaders(neighbours, caller),
        actor=actor,
        desk=request.app.state.desk,
        by_get=request.method == "GET",
    )
    answer = await execution.answer(
        asked,
        context,
        request_id=request_id,
        introspection=request.app.state.introspection,
    )
    if caller.asked:
        sources = [in_extensions(caller.asked[name].source) for name in sorted(caller.asked)]
        answer.body["extensions"] = {"sources": sources}
    return answer


async def _read(request: Request) -> GraphRequest:
    if request.method == "GET":
        given = request.query_params
        if len(given.multi_items()) != len(given):
            raise GraphRequestNotWellFormed
        return requests.from_query_string(given)
    _check_content(request)
    return requests.from_body(await _body(request))


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > requests.LARGEST_BODY:
                raise GraphBodyTooLarge
    except ClientDisconnect:
        raise GraphBodyNotReadable from None
    return bytes(body)


def _check_content(request: Request) -> None:
    kind, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charsets = [part.partition("=")[2].strip('"') for part in parameters if part.startswith("charset")]
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if kind != LEGACY or any(each not in ("utf-8", "utf8") for each in charsets) or encoding != "identity":
        raise GraphBodyNotJson


def _media_type(accept: str | None) -> str | None:
    """Return the type that the caller likes best of the two; without a preference it is application/json."""
    if accept is None or not accept.strip():
        return LEGACY
    liked = {GRAPH: 0.0, LEGACY: 0.0}
    for part in accept.lower().split(","):
        kind, *parameters = (each.strip() for each in part.split(";"))
        weight = _weight(parameters)
        if kind in liked:
            liked[kind] = weight + 0.001  # named beats a wildcard of the same weight
        elif kind in ("*/*", "application/*"):
            liked[LEGACY] = max(liked[LEGACY], weight)
    best = max((GRAPH, LEGACY), key=lambda each: liked[each])
    return best if liked[best] > 0.001 else None


def _weight(parameters: list[str]) -> float:
    for each in parameters:
        name, _, value = each.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def _response(answer: Answer, media_type: str, *, refusal: Refusal | None = None) -> Response:
    status = answer.status
    if status == 294 and media_type == LEGACY:
        status = 200  # 294 is a draft, known only to those who ask for the new type
    headers = dict(_HEADERS)
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="careers-register"'
    if status == 405:
        headers["Allow"] = "POST"
    retry_after = getattr(refusal, "retry_after", None)
    if status in (429, 503):
        headers["Retry-After"] = str(retry_after or 5)
    return Response(
        orjson.dumps(answer.body, default=str), status_code=status, media_type=media_type, headers=headers
    )
