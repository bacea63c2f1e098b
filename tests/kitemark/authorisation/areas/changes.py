"""The row of following changes."""

from tests.kitemark.authorisation.row import Row, World
from tests.kitemark.conftest import Kitemark

FOLLOWERS = ("careers service", "own body", "other body", "award body", "school")

ROWS: dict[str, Row] = {"followMarkChanges": Row(told=dict.fromkeys(FOLLOWERS, 200))}


async def build(kitemark: Kitemark, world: World) -> World:
    """Follow whatever there is."""
    return {}
