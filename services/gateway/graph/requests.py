"""A graph request as it comes over HTTP: read strictly, so that nothing unforeseen reaches the executor."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from shared.errors import Malformed, TooLarge, Unprocessable

LARGEST_BODY = 100_000
DEEPEST_JSON = 16
_MEMBERS = frozenset({"query", "documentId", "variables", "operationName", "extensions"})


class GraphBodyTooLarge(TooLarge):
    """A graph request has at most 100 kB: send less at once."""


class GraphBodyNotReadable(Malformed):
    """The request is not one JSON value in UTF-8, each name in it once, without NaN and broken characters."""


class GraphRequestNotWellFormed(Unprocessable):
    """A graph request is one JSON object: either query or documentId is a string, operationName a string
    where there is one, variables and extensions are objects, nested at most 16 deep. Several requests at
    once are not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphRequest:
    """One document to run, and with what; ``query`` is empty until the document of an id is found."""

    query: str
    document_id: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None


def from_body(body: bytes) -> GraphRequest:
    """Return the request in a body of a POST."""
    return _well_formed(_read(body))


def from_query_string(given: Mapping[str, str]) -> GraphRequest:
    """Return the request in the parameters of a GET; variables and extensions are JSON in there."""
    read: dict[str, Any] = {name: given[name] for name in _MEMBERS & given.keys()}
    if sum(len(each) for each in given.values()) > LARGEST_BODY:
        raise GraphBodyTooLarge
    for name in ("variables", "extensions"):
        if name in read:
            read[name] = _read(read[name].encode("utf-8", "surrogatepass")) if read[name] else None
    for name in ("query", "documentId", "operationName"):
        _check_text(read.get(name) or "")
    return _well_formed(read)


def _read(body: bytes) -> Any:
    try:
        read = json.loads(body.decode("utf-8"), object_pairs_hook=_each_name_once, parse_constant=_refuse)
        json.dumps(read, ensure_ascii=False).encode("utf-8")  # lone surrogates have no place in UTF-8
    except (ValueError, RecursionError):
        raise GraphBodyNotReadable from None
    return read


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise GraphBodyNotReadable from None


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name stands twice")
    return read


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _well_formed(read: Any) -> GraphRequest:
    if not isinstance(read, dict) or _depth(read) > DEEPEST_JSON:
        raise GraphRequestNotWellFormed
    query, document_id, name = (read.get(each) for each in ("query", "documentId", "operationName"))
    variables, extensions = read.get("variables"), read.get("extensions")
    texts = all(each is None or isinstance(each, str) for each in (query, document_id, name))
    objects = all(each is None or isinstance(each, dict) for each in (variables, extensions))
    if not texts or not objects or bool(query) == bool(document_id):
        raise GraphRequestNotWellFormed
    return GraphRequest(
        query=query or "",
        document_id=document_id or None,
        variables=variables or {},
        operation_name=name or None,
    )


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [child for children in inner for child in children if isinstance(child, dict | list)]
    return depth
