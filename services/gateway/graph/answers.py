"""What the graph answers when something is refused or breaks: one closed list of codes, our own words."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from graphql import GraphQLError

from services.gateway.graph.documents import DocumentNotRegistered, OnlyRegisteredDocuments
from services.gateway.graph.guard import QueryTooComplex
from shared.errors import (
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    Refusal,
    Stale,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)

INTERNAL = "INTERNAL"
BAD_USER_INPUT = "BAD_USER_INPUT"
UPSTREAM_UNAVAILABLE = "UPSTREAM_UNAVAILABLE"
FAULT = "Something broke on our side. Tell us the request id."

_CODES: tuple[tuple[type[Refusal], str], ...] = (
    (QueryTooComplex, "QUERY_TOO_COMPLEX"),
    (DocumentNotRegistered, "PERSISTED_DOCUMENT_NOT_FOUND"),
    (OnlyRegisteredDocuments, "PERSISTED_DOCUMENT_REQUIRED"),
    (Unauthenticated, "UNAUTHENTICATED"),
    (Forbidden, "FORBIDDEN"),
    (NotFound, "NOT_FOUND"),
    (Gone, "NOT_FOUND"),
    (Conflict, "CONFLICT"),
    (Stale, "CONFLICT"),
    (TooManyRequests, "RATE_LIMITED"),
    (Unavailable, UPSTREAM_UNAVAILABLE),
)
_SUGGESTION = re.compile(r"\s*Did you mean .*", re.DOTALL)

log = structlog.get_logger("graph")


def error_of(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as an error of the graph, with its code and words intact."""
    code = next((code for kind, code in _CODES if isinstance(refusal, kind)), BAD_USER_INPUT)
    extensions: dict[str, Any] = {"code": code, "refusal": refusal.code}
    if code == UPSTREAM_UNAVAILABLE and "name" in refusal.values:
        extensions["service"] = refusal.values["name"]
    retry_after = getattr(refusal, "retry_after", None)
    if retry_after is not None:
        extensions["retryAfter"] = retry_after
    if refusal.errors:
        extensions["errors"] = [
            {"pointer": each.pointer, "code": each.code, "detail": each.detail} for each in refusal.errors
        ]
    return {"message": refusal.detail, "extensions": extensions}


def errors_of(errors: Iterable[GraphQLError], *, request_id: str) -> list[dict[str, Any]]:
    """Return errors as they may be shown: refusals in full, mistakes plainly, faults masked and logged."""
    return _one_for_each_service([_shown(error, request_id) for error in errors])


def _shown(error: GraphQLError, request_id: str) -> dict[str, Any]:
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if isinstance(cause, Refusal):
        shown = error_of(cause)
    elif cause is None or isinstance(cause, GraphQLError):
        message = _SUGGESTION.sub("", error.message)
        shown = {"message": message, "extensions": {"code": BAD_USER_INPUT}}
    else:
        _note(cause)
        shown = {"message": FAULT, "extensions": {"code": INTERNAL, "requestId": request_id}}
    if error.locations:
        shown["locations"] = [{"line": each.line, "column": each.column} for each in error.locations]
    if error.path is not None:
        shown["path"] = error.path
    return shown


def _note(fault: Exception) -> None:
    """Log where a fault arose and of what kind it is; its message may hold what somebody sent."""
    frame = fault.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame is not None else None
    log.error("field failed", fault=type(fault).__name__, where=where)


def _one_for_each_service(errors: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the errors, those of one unavailable service drawn into one that names the fields it touches."""
    kept: list[dict[str, Any]] = []
    first: dict[str, dict[str, Any]] = {}
    for error in errors:
        extensions = error["extensions"]
        if extensions["code"] != UPSTREAM_UNAVAILABLE:
            kept.append(error)
            continue
        known = first.setdefault(str(extensions.get("service")), error)
        if known is error:
            kept.append(error)
            extensions["affectedPaths"] = []
        if "path" in error:
            known["extensions"]["affectedPaths"].append(error["path"])
    return kept
