"""The services behind the graph, and how they do: what an answer rests on, what may be missing from it."""

from datetime import datetime
from enum import Enum
from typing import Any, Self

import strawberry

from services.gateway.clients.upstream import Source as Told
from services.gateway.graph.context import Context
from shared.clock import rfc3339


@strawberry.enum(description="How a service does, as far as its last answers tell.")
class SourceState(Enum):
    """A state; the words are those of ``extensions.sources``."""

    answering = strawberry.enum_value("answering", description="Its last answer is an answer.")
    failing = strawberry.enum_value("failing", description="It did not answer when it was last asked.")
    resting = strawberry.enum_value(
        "resting", description="It failed so often in a row that it is left in peace for some seconds."
    )
    not_asked = strawberry.enum_value(
        "not_asked", description="It has not been asked since the gateway started."
    )


@strawberry.type(
    description=(
        "A service behind the graph. The services that an answer rests on also stand in its "
        "`extensions.sources`, as they were when it was complete."
    )
)
class Source:
    """How a service does."""

    name: str = strawberry.field(description="The name of the service.")
    state: SourceState = strawberry.field(description="How it does.")
    as_of: datetime | None = strawberry.field(
        description="The instant of its last answer; null where it has given none."
    )
    age: int | None = strawberry.field(description="Whole seconds since then.")

    @classmethod
    def of(cls, told: Told) -> Self:
        """Return the service as it is shown."""
        return cls(name=told.name, state=SourceState(told.state.value), as_of=told.as_of, age=told.age)


def sources(info: strawberry.Info[Context, None]) -> list[Source]:
    """Return every service behind the graph."""
    return [Source.of(service.source) for service in info.context.loaders.neighbours.services.values()]


def in_extensions(told: Told) -> dict[str, Any]:
    """Return a service as it stands in the extensions of an answer."""
    as_of = None if told.as_of is None else rfc3339(told.as_of)
    return {"name": told.name, "state": told.state.value, "asOf": as_of, "age": told.age}
