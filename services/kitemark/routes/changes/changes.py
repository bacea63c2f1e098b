"""Changes over HTTP: what has changed marks since a position."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel

from services.kitemark.operations.changes import changes
from services.kitemark.operations.changes.changes import Changes
from shared.health import LONGEST_WAIT
from shared.web import Db, guarded_router, needs

router = guarded_router("changes")
MOST = 1_000


class MarkChangeOut(BaseModel):
    """What happened: `event` and its `facts` are described in our list of events.

    `school` is null where it happened to a whole scheme or body.
    """

    position: int
    at: datetime
    school: str | None
    subject: str
    event: str
    facts: dict[str, Any]


class MarkChangesOut(BaseModel):
    """Some changes in order. Keep `next` with what you have stored of them, and ask for what is `after` it.

    Where `caught_up` is false there is more to be had at once, even if `items` is empty.
    """

    items: list[MarkChangeOut]
    next: int
    caught_up: bool

    @classmethod
    def of(cls, found: Changes) -> "MarkChangesOut":
        """Return the changes as they are shown."""
        items = [
            MarkChangeOut(
                position=each.position,
                at=each.at,
                school=each.facts.get("school"),
                subject=each.subject,
                event=each.event,
                facts=dict(each.facts),
            )
            for each in found.items
        ]
        return cls(items=items, next=found.next, caught_up=found.caught_up)


@router.get(
    "/v1/changes",
    operation_id="followMarkChanges",
    response_model=MarkChangesOut,
    openapi_extra=needs("changes:read", "awards:write", "checks:write"),
)
async def follow_mark_changes(
    request: Request,
    db: Db,
    after: Annotated[int, Query(ge=0, lt=2**63, description="The `next` of the answer before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 200,
    wait: Annotated[
        float, Query(ge=0, le=LONGEST_WAIT, allow_inf_nan=False, description="Seconds to wait for the first.")
    ] = 0,
) -> MarkChangesOut:
    """Follow what may change the mark of a school: awards, and the days of validations and authorities.

    No line is left out and none comes twice. A mark that only runs out with its day leaves no line: its
    `valid_to` says when.
    """
    found = await changes.after(db, position=after, limit=limit, seconds=wait, gone=request.is_disconnected)
    return MarkChangesOut.of(found)
