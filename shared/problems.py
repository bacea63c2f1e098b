"""Refusals as problem documents (RFC 9457): the one place where a kind meets HTTP."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from shared.errors import (
    FieldError,
    Malformed,
    NotFound,
    Refusal,
    TooLarge,
    Unprocessable,
)
from shared.idempotency import Answered

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 50


class BodyNotReadable(Malformed):
    """The body is not JSON in UTF-8."""


class ContentTypeNotAccepted(Malformed):
    """The body was not sent as JSON: send the header Content-Type: application/json."""


class InputNotValid(Unprocessable):
    """The input is not valid: see errors for each field."""


class NoSuchPath(NotFound):
    """There is nothing at this path."""


class MethodNotAllowed(Refusal):
    """This path does not take this method: see the Allow header."""

    status = 405


class RequestTooLarge(TooLarge):
    """The body is larger than the {most} bytes that this path accepts."""


class Fault(Refusal):
    """Something broke on our side. Tell us the request id that stands in instance."""

    status = 500


def problem_response(
    refusal: Refusal,
    *,
    errors_url: str,
    request_id: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the problem document of a refusal, with the headers that its kind asks for."""
    document: dict[str, Any] = {
        "type": f"{errors_url}/{refusal.code}",
        "title": _title(refusal),
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "instance": request_id,
    }
    if refusal.errors:
        document["errors"] = [
            {"pointer": e.pointer, "code": e.code, "detail": e.detail} for e in refusal.errors
        ]
    sent = dict(headers or {})
    if refusal.status == 401:
        sent["WWW-Authenticate"] = 'Bearer realm="careers-register"'
    retry_after = getattr(refusal, "retry_after", None)
    if retry_after is not None:
        sent["Retry-After"] = str(retry_after)
    # ASCII escapes: a refusal may quote what the caller sent, lone surrogates included.
    return Response(json.dumps(document), status_code=refusal.status, media_type=MEDIA_TYPE, headers=sent)


def install(app: FastAPI, *, errors_url: str) -> None:
    """Make ``app`` answer every refusal and every fault with a problem document."""

    def respond(request: Request, refusal: Refusal, headers: Mapping[str, str] | None = None) -> Response:
        request_id = request.scope.get("state", {}).get("request_id", "")
        return problem_response(refusal, errors_url=errors_url, request_id=request_id, headers=headers)

    async def refused(request: Request, refusal: Refusal) -> Response:
        return respond(request, refusal)

    async def invalid(request: Request, fault: RequestValidationError) -> Response:
        return respond(request, _from_validation(request, fault.errors(), fault.body))

    async def http(request: Request, fault: HTTPException) -> Response:
        return respond(request, _from_http(fault), fault.headers)

    app.add_exception_handler(Refusal, refused)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, http)  # type: ignore[arg-type]
    app.add_exception_handler(Answered, _answered_before)  # type: ignore[arg-type]


async def _answered_before(_: Request, answered: Answered) -> Response:
    headers = {"Idempotent-Replayed": "true"}
    if answered.location is not None:
        headers["Location"] = answered.location
    return Response(
        answered.body,
        status_code=answered.status,
        media_type="application/json",
        headers=headers,
    )


def _title(refusal: Refusal) -> str:
    return refusal.code.replace("-", " ").capitalize()


def _from_http(fault: HTTPException) -> Refusal:
    # FastAPI wraps whatever is raised while it reads a body.
    if isinstance(fault.__cause__, Refusal):
        return fault.__cause__
    if fault.status_code == 404:
        return NoSuchPath()
    if fault.status_code == 405:
        return MethodNotAllowed()
    if 400 <= fault.status_code < 500:
        return BodyNotReadable()
    return Fault()


def _from_validation(request: Request, found: Sequence[Mapping[str, Any]], body: Any) -> Refusal:
    kinds = {error["type"] for error in found}
    if "json_invalid" in kinds:
        return BodyNotReadable()
    in_body = all(tuple(error["loc"]) == ("body",) for error in found)
    if in_body and "application/json" not in request.headers.get("content-type", ""):
        return ContentTypeNotAccepted()
    return InputNotValid(errors=[_field_error(error, body) for error in found[:MOST_ERRORS]])


def _field_error(error: Mapping[str, Any], body: Any) -> FieldError:
    where, *path = error["loc"]
    if where == "body":
        path = list(_as_sent(path, body))
    pointer = "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)
    prefix = "" if where == "body" else f"{where}:"
    code = str(error["type"]).replace("_", "-")
    return FieldError(f"{prefix}/{pointer}" if path else prefix or "", code, str(error["msg"]))


def _as_sent(path: Sequence[Any], body: Any) -> Iterator[Any]:
    """Leave out of a path the names of shapes, which Pydantic puts where a field has one of several."""
    here = body
    for place, part in enumerate(path):
        if isinstance(here, Mapping):
            if part not in here and place < len(path) - 1:
                continue
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        yield part
