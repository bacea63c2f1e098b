"""Disclosures of personal data: an answer that holds any leaves only once it is written down who got it.

A field of a response model is marked ``PRIVATE``, and a route that may answer with one states what for by
``discloses``. What was disclosed is read from the answer itself, so that what is sent and what is written
down cannot differ. Only the names of fields are kept, never what stands in them.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from fastapi import Request, Response
from pydantic import Field, TypeAdapter

from shared.actor import Actor
from shared.errors import Unprocessable
from shared.idempotency import Answered

PRIVATE = Field(json_schema_extra={"x-private": True})
STATED = "x-discloses"
PURPOSE_HEADER = "disclosure-purpose"
_HEADER = {
    "name": "Disclosure-Purpose",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "What personal data is asked for, where that differs from what the path states.",
}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PurposeNotKnown(Unprocessable):
    """Disclosure-Purpose is none of: {purposes}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What one answer held of one person: ``about`` is whom, ``fields`` the names of what was private."""

    about: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """What one answer disclosed: to whom, by which operation, what for and when."""

    actor: Actor
    operation: str
    purpose: str
    at: datetime
    disclosures: Sequence[Disclosure]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureLog:
    """How a service writes disclosures down.

    ``about`` are the names of the fields that say whom a part of an answer is about; ``write`` returns
    once the lines are kept, and whatever it raises is answered instead.
    """

    about: tuple[str, ...]
    purposes: frozenset[str]
    write: Callable[[Disclosed], Awaitable[None]]


class Rendered(Response):
    """An answer shown in another form than JSON; ``answer`` is the JSON that says the same."""

    def __init__(self, content: str, *, answer: str, **more: Any) -> None:
        super().__init__(content, **more)
        self.answer = answer


def discloses(purpose: str) -> dict[str, Any]:
    """State in OpenAPI what a route gives private fields out for, where the caller does not say."""
    return {STATED: {"purpose": purpose}, "parameters": [_HEADER]}


def purpose_of(request: Request, stated: str) -> str:
    """Return what the caller says it asks for, or what the route states; raises PurposeNotKnown."""
    log: DisclosureLog = request.app.state.disclosures
    given = request.headers.get(PURPOSE_HEADER, stated)
    if given not in log.purposes:
        raise PurposeNotKnown(purposes=", ".join(sorted(log.purposes)))
    return given


@cache
def private_names(model: Any) -> frozenset[str]:
    """Return the names of the fields that are marked private anywhere in a response model."""
    schema = TypeAdapter(model).json_schema(mode="serialization", by_alias=True)
    return frozenset(
        name
        for part in (schema, *schema.get("$defs", {}).values())
        for name, field in part.get("properties", {}).items()
        if field.get("x-private")
    )


def disclosed_by(answer: Any, *, names: frozenset[str], about: tuple[str, ...]) -> list[Disclosure]:
    """Return what an answer holds of each person; a private field that is empty tells nothing."""
    found: dict[str, dict[str, None]] = {}

    def look(part: Any, whom: tuple[str, ...]) -> None:
        if isinstance(part, list):
            for each in part:
                look(each, whom)
        elif isinstance(part, dict):
            named = tuple(value for key in about if isinstance(value := part.get(key), str))
            for name, value in part.items():
                if name in names and value not in (None, "", [], {}):
                    for each in named or whom:
                        found.setdefault(each, {})[name] = None
                look(value, named or whom)

    look(answer, ())
    return [Disclosure(about=whom, fields=tuple(fields)) for whom, fields in found.items()]


def disclosing(handle: Handler, *, stated: Mapping[str, str], model: Any, operation: str) -> Handler:
    """Return a handler whose answers leave once what they disclose has been written down.

    A repeated request gets its first answer again, which is a disclosure again.
    """
    names = private_names(model)

    async def handle_and_note(request: Request) -> Response:
        log: DisclosureLog = request.app.state.disclosures
        purpose = purpose_of(request, stated["purpose"])

        async def note(body: bytes | memoryview | str) -> None:
            disclosures = disclosed_by(orjson.loads(body), names=names, about=log.about)
            if disclosures:
                now: datetime = request.app.state.clock()
                actor: Actor = request.state.actor
                await log.write(
                    Disclosed(
                        actor=actor, operation=operation, purpose=purpose, at=now, disclosures=disclosures
                    )
                )

        try:
            response = await handle(request)
        except Answered as before:
            await note(before.body)
            raise
        body = response.answer if isinstance(response, Rendered) else response.body
        if body:
            await note(body)
        return response

    return handle_and_note
