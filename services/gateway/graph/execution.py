"""A graph request run: parsed, guarded, validated, executed, each step only when the one before it passed."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    execute,
    parse,
    validate,
)

from services.gateway.graph import guard
from services.gateway.graph.answers import error_of, errors_of
from services.gateway.graph.context import Context
from services.gateway.graph.guard import QueryTooComplex
from services.gateway.graph.requests import GraphRequest
from services.gateway.graph.schema import executable
from shared.errors import Refusal, Unavailable, Unprocessable

MOST_TOKENS = 2_000
MOST_COMMENTS = 100
MOST_MISTAKES = 10
SECONDS = 8.0
REMEMBERED_DOCUMENTS = 256
LONGEST_REMEMBERED = 8_192


class OperationNotNamed(Unprocessable):
    """The document holds several operations: say by operationName which one to run."""


class NoSuchOperation(Unprocessable):
    """The document holds no operation of that name."""


class TookTooLong(Unavailable):
    """The services behind the graph did not answer in time: ask again shortly, or for less at once."""


class OnlyQueriesByGet(Refusal):
    """Only queries may be asked by GET: send anything else by POST."""

    status = 405


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a status of HTTP, ``data`` where anything was run, errors where there were any."""

    status: int
    body: dict[str, Any]


def refused(refusal: Refusal) -> Answer:
    """Return the answer to a request that was refused before anything ran."""
    return Answer(refusal.status, {"errors": [error_of(refusal)]})


class Documents:
    """The most recent documents that were found valid; nothing that was sent with them is kept."""

    def __init__(self) -> None:
        self._valid: OrderedDict[str, DocumentNode] = OrderedDict()

    def find(self, text: str) -> DocumentNode | None:
        """Return the document that was found valid before."""
        document = self._valid.get(text)
        if document is not None:
            self._valid.move_to_end(text)
        return document

    def keep(self, text: str, document: DocumentNode) -> None:
        """Remember a valid document, and forget the one that was not asked for the longest."""
        if len(text) > LONGEST_REMEMBERED:
            return
        self._valid[text] = document
        if len(self._valid) > REMEMBERED_DOCUMENTS:
            self._valid.popitem(last=False)


_documents = Documents()


async def answer(
    request: GraphRequest,
    context: Context,
    *,
    request_id: str,
    introspection: bool,
) -> Answer:
    """Return the answer to a graph request; nothing in a request makes this raise."""
    known = _documents.find(request.query)
    try:
        document = known or _parsed(request.query)
        operation = _operation(document, request.operation_name)
        if context.by_get and operation.operation is not OperationType.QUERY:
            raise OnlyQueriesByGet
        guard.check(executable, document, variables=request.variables, introspection=introspection)
    except Refusal as refusal:
        return refused(refusal)
    except GraphQLSyntaxError as mistake:
        return Answer(400, {"errors": errors_of([mistake], request_id=request_id)})
    if known is None:
        mistakes = validate(executable, document, max_errors=MOST_MISTAKES, hide_suggestions=True)
        if mistakes:
            return Answer(422, {"errors": errors_of(mistakes, request_id=request_id)})
        _documents.keep(request.query, document)
    return await _run(document, request, context, request_id)


def _parsed(text: str) -> DocumentNode:
    try:
        return parse(text, max_lexical_tokens=MOST_TOKENS, max_comments=MOST_COMMENTS)
    except GraphQLSyntaxError as mistake:
        if "Parsing aborted" in mistake.message:  # one of the limits, or the nesting, was passed
            raise QueryTooComplex(what="its words and signs", most=MOST_TOKENS) from None
        raise


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name is None:
        if len(operations) > 1:
            raise OperationNotNamed
        named = operations
    else:
        named = [each for each in operations if each.name is not None and each.name.value == name]
    if not named:
        raise NoSuchOperation
    return named[0]


async def _run(document: DocumentNode, request: GraphRequest, context: Context, request_id: str) -> Answer:
    try:
        async with asyncio.timeout(SECONDS):
            result = execute(
                executable,
                document,
                context_value=context,
                variable_values=request.variables,
                operation_name=request.operation_name,
                hide_suggestions=True,
            )
            if isinstance(result, Awaitable):
                result = await result
    except TimeoutError:
        return refused(TookTooLong(name="graph"))
    return _answered(result, request_id)


def _answered(result: ExecutionResult, request_id: str) -> Answer:
    errors = errors_of(result.errors or (), request_id=request_id)
    if not errors:
        return Answer(200, {"data": result.data})
    ran = result.data is not None or any("path" in error for error in errors)
    if not ran:
        return Answer(422, {"errors": errors})
    return Answer(294, {"errors": errors, "data": result.data})
