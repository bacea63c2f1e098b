"""Documentation that works offline: the APIs to read and try, the graph to explore, the error codes."""

import re
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from services.gateway.clients.caller import Caller
from services.gateway.clients.upstream import Service
from services.gateway.graph.documents import EXAMPLES
from services.gateway.pages import catalogue
from services.gateway.pages.rendering import page
from shared.errors import TooLarge
from shared.problems import NoSuchPath
from shared.tokens import TokenNotValid
from shared.web import LARGEST_BODY, at_most

LONGEST_QUERY = 8_000
SERVICES = {"register": "Register", "cpd": "CPD", "kitemark": "Kite mark", "gateway": "Gateway"}

_PASSED_ON = frozenset({b"accept", b"content-type", b"idempotency-key", b"if-match", b"if-none-match"})
_PASSED_BACK = ("content-type", "etag", "link", "location", "retry-after", "idempotent-replayed")
_PATH = re.compile(r"v1(/[A-Za-z0-9._~%:+ -]+)+")


class AddressTooLong(TooLarge):
    """The part of the address after the question mark has at most {most} characters."""


router = APIRouter(tags=["documentation"], include_in_schema=False)


@router.get("/docs")
async def docs(service: str = "register") -> Response:
    """The description of one service's API, to read and to try."""
    if service not in SERVICES:
        raise NoSuchPath
    return page("docs.html", tools=True, service=service, services=SERVICES)


@router.get("/docs/openapi/{service}.json")
async def description(request: Request, service: str) -> JSONResponse:
    """A service's OpenAPI document, with addresses that a browser can reach from here."""
    if service == "gateway":
        return JSONResponse(_reachable(request.app.openapi(), "/"))
    document = await _service(request, service).description(caller=_caller(request))
    return JSONResponse(_reachable(document, f"/docs/{service}"))


@router.api_route("/docs/{service}/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
async def try_out(request: Request, service: str, path: str) -> Response:
    """Pass on what was tried in the documentation, in the reader's own name, and give back what was said."""
    raw = request.scope["raw_path"].decode("ascii").partition("?")[0]
    # Written otherwise, as in /%64ocs, what is passed on would not be the path that was looked at.
    here = f"/docs/{service}"
    if not _PATH.fullmatch(path) or ".." in path or not raw.startswith(f"{here}/"):
        raise NoSuchPath
    if len(request.url.query) > LONGEST_QUERY:
        raise AddressTooLong(most=LONGEST_QUERY)
    answer = await _service(request, service).forward(
        request.method,
        raw.removeprefix(here),
        caller=_caller(request),
        headers=[(name, value) for name, value in request.headers.raw if name in _PASSED_ON],
        query=request.url.query,
        body=await Request(request.scope, at_most(LARGEST_BODY, request)).body(),
    )
    headers = {name: answer.headers[name] for name in _PASSED_BACK if name in answer.headers}
    if answer.is_redirect and headers["location"].startswith("/v1/"):
        headers["location"] = here + headers["location"]  # where a browser that follows it finds it
    headers["X-Content-Type-Options"] = "nosniff"
    return Response(answer.content, status_code=answer.status_code, headers=headers)


@router.get("/graphiql")
async def graphiql(example: str = "") -> Response:
    """The explorer of the graph, with example operations."""
    examples = {path.stem: path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.graphql"))}
    if example and example not in examples:
        raise NoSuchPath
    chosen = example or next(iter(examples))
    names = {name: name.partition("-")[2].replace("-", " ").capitalize() for name in examples}
    return page("graphiql.html", tools=True, names=names, chosen=chosen, text=examples[chosen])


@router.get("/errors")
async def errors() -> Response:
    """All error codes."""
    return page("errors.html", codes=sorted(catalogue.read()))


@router.get("/errors/{code}")
async def error(code: str) -> Response:
    """What one error code means: its cause and its mend."""
    blocks = catalogue.read().get(code)
    if blocks is None:
        raise NoSuchPath
    return page("error.html", code=code, blocks=blocks)


def _service(request: Request, name: str) -> Service:
    """Return the neighbour of this name; raises NoSuchPath where there is none."""
    services: dict[str, Service] = request.app.state.services
    if name not in services:
        raise NoSuchPath
    return services[name]


def _caller(request: Request) -> Caller:
    authorization = request.headers.get("authorization")
    if authorization is not None and not authorization.isascii():
        raise TokenNotValid  # such a header cannot even be passed on
    return Caller(authorization=authorization, request_id=request.scope.get("state", {}).get("request_id"))


def _reachable(document: dict[str, Any], server: str) -> dict[str, Any]:
    """Return the document with this address as its server, and tokens to be had from here."""
    schemes = dict(document.get("components", {}).get("securitySchemes", {}))
    for name, scheme in schemes.items():
        flow = scheme.get("flows", {}).get("clientCredentials")
        if flow is not None:
            flows = {**scheme["flows"], "clientCredentials": {**flow, "tokenUrl": "/oauth/token"}}
            schemes[name] = {**scheme, "flows": flows}
    components = {**document.get("components", {}), "securitySchemes": schemes}
    return {**document, "servers": [{"url": server}], "components": components}
