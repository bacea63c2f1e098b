"""Changes over HTTP: what has changed since a position."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel

from services.register.operations.changes import changes
from services.register.operations.changes.changes import Changes
from shared.health import LONGEST_WAIT
from shared.web import Db, Now, Who, guarded_router, needs

router = guarded_router("changes")
MOST = 1_000


class ChangeOut(BaseModel):
    """What happened to a number: `event` and its `facts` are described in our list of events."""

    position: int
    at: datetime
    number: str
    event: str
    facts: dict[str, Any]


class ChangesOut(BaseModel):
    """Some changes in order. Keep `next` with what you have stored of them, and ask for what is `after` it.

    Where `caught_up` is false there is more to be had at once, even if `items` is empty.
    """

    items: list[ChangeOut]
    next: int
    caught_up: bool

    @classmethod
    def of(cls, found: Changes) -> "ChangesOut":
        """Return the changes as they are shown."""
        items = [
            ChangeOut(
                position=each.position, at=each.at, number=each.number, event=each.event, facts=each.facts
            )
            for each in found.items
        ]
        return cls(items=items, next=found.next, caught_up=found.caught_up)


@router.get(
    "/v1/changes",
    operation_id="followChanges",
    response_model=ChangesOut,
    openapi_extra=needs("changes:read", "members:write"),
)
async def follow_changes(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    after: Annotated[int, Query(ge=0, lt=2**63, description="The `next` of the answer before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 200,
    wait: Annotated[
        float, Query(ge=0, le=LONGEST_WAIT, allow_inf_nan=False, description="Seconds to wait for the first.")
    ] = 0,
) -> ChangesOut:
    """Follow what changes: an association its own members, the careers service everybody.

    No line is left out and none comes twice. An association is told everything of what it told itself, and of
    its present members what the public may see; the careers service is told what the public may see, and
    nothing of those who are shown by their exact number only: look these up by number.
    """
    found = await changes.after(
        db,
        position=after,
        limit=limit,
        seconds=wait,
        actor=who,
        now=now,
        gone=request.is_disconnected,
    )
    return ChangesOut.of(found)
