"""Pages of the graph in the manner of Relay: opaque cursors, and how many come at once."""

from typing import Annotated

import strawberry

from shared.errors import Unprocessable
from shared.paging import CursorNotReadable, cursor_of, place_of

After = Annotated[
    str | None,
    strawberry.argument(description="A cursor as it was given out here; from the beginning without one."),
]


class PageSizeOutOfRange(Unprocessable):
    """A page has at least 1 and at most {most} items: say by `first` how many."""


@strawberry.type(description="Where a page ends, and whether there is more.")
class PageInfo:
    """As Relay asks for it; pages are read forwards only."""

    has_next_page: bool = strawberry.field(description="Whether more can be had at once.")
    has_previous_page: bool = strawberry.field(description="Always false: pages are read forwards only.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first item.")
    end_cursor: str | None = strawberry.field(description="Ask for what is `after` it next time.")


def page_size(first: int, *, most: int) -> int:
    """Return how many items are wanted; raises PageSizeOutOfRange."""
    if not 1 <= first <= most:
        raise PageSizeOutOfRange(most=f"{most:,}")
    return first


def cursor_in(journal: str, position: int) -> str:
    """Return the cursor of a position in the journal of a service."""
    return cursor_of(journal, position)


def position_in(journal: str, cursor: str) -> int:
    """Return the position that a cursor names; raises CursorNotReadable, of another journal's too."""
    named, position = place_of(cursor, str, int) or ("", 0)
    if named != journal or position < 0:
        raise CursorNotReadable
    return int(position)
