"""The graph put together, as one subgraph that any federation of the second generation can take in."""

import sys
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry import federation
from strawberry.federation.schema import FederationAny
from strawberry.schema.config import StrawberryConfig

from services.gateway.graph.assurance import Assurance, assurance
from services.gateway.graph.changes import PractitionerChangeConnection, practitioner_changes
from services.gateway.graph.context import Context
from services.gateway.graph.licence import Licence, licence
from services.gateway.graph.matching import PractitionerMatch, match_practitioners
from services.gateway.graph.mutations import Mutation
from services.gateway.graph.practitioner import Practitioner, practitioner, practitioners
from services.gateway.graph.provider import GuidanceProvider, provider
from services.gateway.graph.scalars import SCALARS
from services.gateway.graph.school import School, school, schools
from services.gateway.graph.sources import Source, sources
from shared.errors import Unprocessable

Entity = type[Licence] | type[Practitioner] | type[School] | type[GuidanceProvider]
ENTITIES: dict[str, tuple[Entity, str]] = {
    "Licence": (Licence, "number"),
    "Practitioner": (Practitioner, "number"),
    "School": (School, "urn"),
    "GuidanceProvider": (GuidanceProvider, "ukprn"),
}


class RepresentationNotUsable(Unprocessable):
    """A representation names its type and its key as a string: number, urn or ukprn."""


@strawberry.type(description="Questions that anyone may ask.")
class Query:
    """The way into the graph."""

    licence: Licence | None = strawberry.field(
        resolver=licence,
        description=(
            "The verdict on a number, for a day and as known at an instant. A number that was never issued, "
            "or cannot be one, has a verdict too; null, with an error, only when the register gives none."
        ),
    )
    practitioner: Practitioner | None = strawberry.field(
        resolver=practitioner, description="What may be seen of one number."
    )
    practitioners: list[Practitioner] | None = strawberry.field(
        resolver=practitioners,
        description="What may be seen of up to 1,000 numbers, in the order asked.",
    )
    match_practitioners: list[PractitionerMatch] | None = strawberry.field(
        resolver=match_practitioners,
        description=(
            "Which of the people whom you hold have a number (`people:match`). Nothing that you send is "
            "kept; ask by POST."
        ),
    )
    practitioner_changes: PractitionerChangeConnection | None = strawberry.field(
        resolver=practitioner_changes,
        description=(
            "What happened since a cursor (`changes:read`), or to one's own members (`members:write`). "
            "Without a cursor it begins at the beginning."
        ),
    )
    school: School = strawberry.field(resolver=school, description="A school, by its URN.")
    schools: list[School] = strawberry.field(
        resolver=schools, description="Up to 1,000 schools, in the order asked."
    )
    provider: GuidanceProvider = strawberry.field(
        resolver=provider, description="A provider of guidance, by its UKPRN."
    )
    assurance: Assurance | None = strawberry.field(
        resolver=assurance,
        description=(
            "The three strands side by side, of an adviser, a school, a provider, or a whole school at once. "
            "A service that is away leaves its strand unknown."
        ),
    )
    sources: list[Source] = strawberry.field(
        resolver=sources, description="The services behind the graph, and how they do."
    )


class Graph(federation.Schema):
    """The federation schema, with references checked before anything is done with them."""

    def entities_resolver(
        self, info: strawberry.Info[Context, None], representations: list[FederationAny]
    ) -> list[FederationAny]:
        """Return, for each reference of another graph, its entity or the refusal of that one."""
        resolved: list[Any] = []
        for representation in representations:
            given: Any = representation
            named = ENTITIES.get(str(given.get("__typename"))) if isinstance(given, dict) else None
            key = given.get(named[1]) if named else None
            if named is None or not isinstance(key, str):
                resolved.append(RepresentationNotUsable())
            else:
                resolved.append(named[0].resolve_reference(info, key))
        return resolved


graph = Graph(
    query=Query,
    mutation=Mutation,
    types=[entity for entity, _ in ENTITIES.values()],
    config=StrawberryConfig(scalar_map=SCALARS),
    federation_version="2.9",
)
# What the executor of graphql-core takes; Strawberry gives no other name to it.
executable: GraphQLSchema = graph._schema


def printed() -> str:
    """Return the graph in the schema definition language, as it stands in schema.graphql."""
    return graph.as_str().rstrip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(printed())
