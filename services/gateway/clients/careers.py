"""The career progression framework as the register publishes it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from services.gateway.clients.answers import Shape
from services.gateway.clients.caller import Caller
from services.gateway.clients.reference import Provenance
from services.gateway.clients.upstream import Service

MoveWord = Literal["vertical", "horizontal"]


class Levels(Shape):
    """Levels of one qualifications framework, of which the lowest is enough."""

    framework: str
    levels: tuple[str, ...]


class Requirement(Shape):
    """Something that a role requires, or that somebody has only proposed."""

    kind: str
    status: str
    levels: tuple[Levels, ...] = ()
    scope: str | None = None
    qualification: str | None = None
    suite: str | None = None
    standard: str | None = None
    source: Provenance


class Responsibility(Shape):
    """What belongs to a role."""

    text: str
    source: Provenance


class Role(Shape):
    """A role; ``unknown`` says in words what no source tells of it."""

    code: str
    title: str
    requirements: tuple[Requirement, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    unknown: tuple[str, ...] = ()
    source: Provenance


class Move(Shape):
    """A move between two roles; ``basis`` says whether a source lists it so, or this service joined them."""

    start: Annotated[str, Field(alias="from")]
    end: Annotated[str, Field(alias="to")]
    kind: MoveWord
    basis: str
    source: Provenance


class Step(Shape):
    """Something on the way into a specialism."""

    title: str
    provider: str | None = None
    source: Provenance


class Pathway(Shape):
    """The way into a specialism."""

    specialism: str
    start: Annotated[str, Field(alias="from")]
    end: Annotated[str, Field(alias="to")]
    steps: tuple[Step, ...] = ()
    unknown: tuple[str, ...] = ()
    source: Provenance


class Version(Shape):
    """A version of the framework."""

    code: str
    title: str
    status: str
    effective_from: date | None = None
    unknown: tuple[str, ...] = ()
    source: Provenance


class Framework(Version):
    """The version of today in full, and every version that is known of."""

    roles: tuple[Role, ...]
    moves: tuple[Move, ...]
    pathways: tuple[Pathway, ...]
    versions: tuple[Version, ...]


_FRAMEWORK = TypeAdapter(Framework)


async def framework(register: Service, *, caller: Caller) -> Framework:
    """Return the framework that is in force today."""
    return register.read(_FRAMEWORK, await register.call("GET", "/v1/career-framework", caller=caller))
