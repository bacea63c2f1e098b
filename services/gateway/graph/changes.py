"""Changes in the graph: what has happened to numbers since a cursor, for those who may follow it."""

from datetime import datetime
from typing import Annotated, Self

import strawberry
from strawberry.scalars import JSON

from services.gateway.clients.changes import ChangeAnswer, ChangesAnswer, changes
from services.gateway.graph.connections import After, PageInfo, cursor_in, page_size, position_in
from services.gateway.graph.context import Context
from services.gateway.graph.practitioner import Practitioner
from services.gateway.loaders import SubjectQuestion

MOST_CHANGES = 200
JOURNAL = "register"


async def _practitioner(
    root: strawberry.Parent["PractitionerChange"], info: strawberry.Info[Context, None]
) -> Practitioner | None:
    """Return what may be seen of the number now."""
    answer = await info.context.loaders.practitioners.load(root.number)
    return Practitioner.of(answer, SubjectQuestion(root.number))


@strawberry.type(description="Something that happened to a number, in the words of our list of events.")
class PractitionerChange:
    """A change as the register tells it."""

    at: datetime = strawberry.field(description="When.")
    number: str = strawberry.field(description="To which registration number.")
    event: str = strawberry.field(description="What, such as `licence.renewed`.")
    facts: JSON = strawberry.field(description="What is public of it, in the words of REST.")
    practitioner: Practitioner | None = strawberry.field(
        resolver=_practitioner,
        description=(
            "What may be seen of the number now. Comes from the register, by one call for all changes of a "
            "request."
        ),
    )

    @classmethod
    def of(cls, answer: ChangeAnswer) -> Self:
        """Return the change that the register told of."""
        return cls(at=answer.at, number=answer.number, event=answer.event, facts=JSON(answer.facts))


@strawberry.type(description="A change and its place.")
class PractitionerChangeEdge:
    """An edge as Relay asks for it."""

    cursor: str = strawberry.field(description="Its place: ask for what is `after` it.")
    node: PractitionerChange = strawberry.field(description="The change.")


@strawberry.type(
    description=(
        "Changes in order, each once. Keep `pageInfo.endCursor` with what you stored of them: it moves on "
        "even where a page has no changes for you."
    )
)
class PractitionerChangeConnection:
    """A page of changes."""

    edges: list[PractitionerChangeEdge] = strawberry.field(description="The changes, oldest first.")
    page_info: PageInfo = strawberry.field(description="Where the page ends.")

    @classmethod
    def of(cls, answer: ChangesAnswer) -> Self:
        """Return the changes that the register told of."""
        edges = [
            PractitionerChangeEdge(cursor=cursor_in(JOURNAL, each.position), node=PractitionerChange.of(each))
            for each in answer.items
        ]
        return cls(
            edges=edges,
            page_info=PageInfo(
                has_next_page=not answer.caught_up,
                has_previous_page=False,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=cursor_in(JOURNAL, answer.next),
            ),
        )


async def practitioner_changes(
    info: strawberry.Info[Context, None],
    after: After = None,
    first: Annotated[int, strawberry.argument(description="How many at the most: 1 to 200.")] = 50,
) -> PractitionerChangeConnection | None:
    """Return the changes that follow a cursor."""
    limit = page_size(first, most=MOST_CHANGES)
    position = 0 if after is None else position_in(JOURNAL, after)
    loaders = info.context.loaders
    register = loaders.neighbours.services["register"]
    found = await changes(register, after=position, limit=limit, caller=loaders.caller)
    return PractitionerChangeConnection.of(found)
