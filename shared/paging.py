"""Keyset paging: a cursor is the place where the page ended, sealed so that nobody builds on its shape."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query

from shared.errors import Malformed

DEFAULT_LIMIT = 50
MOST = 200

Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many items at the most.")]
After = Annotated[
    str | None, Query(max_length=512, description="The `next` of the page before, as it was given.")
]


class CursorNotReadable(Malformed):
    """This cursor was not given out here: start again without `after`."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items, and the cursor of the next page where there is one."""

    items: Sequence[Item]
    next: str | None


def cursor_of(*place: str | int) -> str:
    """Return the cursor for a place in an ordering."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str | None, *types: type) -> tuple[Any, ...] | None:
    """Return the place that a cursor names, with values of ``types``; None for no cursor.

    Raises CursorNotReadable.
    """
    if cursor is None:
        return None
    try:
        decoded = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place = json.loads(decoded)
    except (binascii.Error, ValueError, RecursionError):
        raise CursorNotReadable from None
    if not isinstance(place, list) or [type(value) for value in place] != list(types):
        raise CursorNotReadable
    if any(type(value) is int and not -(2**63) <= value < 2**63 for value in place):
        raise CursorNotReadable
    return tuple(place)


def page_of(rows: Sequence[Item], *, limit: int, place: Any) -> Page[Item]:
    """Make a page of ``limit + 1`` rows read: the extra row only says that there is a next page.

    ``place`` takes the last row shown and returns its place in the ordering.
    """
    if len(rows) <= limit:
        return Page(rows, None)
    shown = rows[:limit]
    return Page(shown, cursor_of(*place(shown[-1])))
