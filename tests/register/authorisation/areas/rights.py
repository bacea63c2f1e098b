"""What is declared of the rights of a person."""

from typing import Any

from tests.register.authorisation.row import Row, own
from tests.register.authorisation.world import NOBODY, World
from tests.register.conftest import Register

ROWS: dict[str, Row] = {
    "listDisclosures": Row(
        told=own(200, registrar=200),
        place=lambda w: f"/v1/practitioners/{w['number']}/disclosures",
        missing=f"/v1/practitioners/{NOBODY}/disclosures",
    ),
}


async def build(register: Register, world: World) -> dict[str, Any]:
    """Make nothing that is not there."""
    return {}
