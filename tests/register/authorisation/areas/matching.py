"""What is declared of matching, of questions to a registrar and of merges."""

from typing import Any

from tests.register.authorisation.row import Row, public
from tests.register.authorisation.world import World
from tests.register.conftest import Register

ROWS: dict[str, Row] = {
    "listMatchPolicies": public(),
    "matchPeople": Row(told={"careers service": 200}, body=lambda w: {"rows": [{"number": w["number"]}]}),
}


async def build(register: Register, world: World) -> dict[str, Any]:
    """Add nothing: what is matched is there already."""
    return {}
