"""What is declared of following changes."""

from typing import Any

from tests.register.authorisation.row import Row
from tests.register.authorisation.world import World
from tests.register.conftest import Register

ROWS: dict[str, Row] = {
    "followChanges": Row(told=dict.fromkeys(("own association", "other association", "careers service"), 200))
}


async def build(register: Register, world: World) -> dict[str, Any]:
    """Make nothing: everything that was done before is a change."""
    return {}
