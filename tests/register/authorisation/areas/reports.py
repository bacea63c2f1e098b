"""What is declared of the routes of reports."""

from typing import Any

from tests.register.authorisation.row import Row, public
from tests.register.authorisation.world import World
from tests.register.conftest import Register

ROWS: dict[str, Row] = {
    name: public()
    for name in (
        "reportQualificationMap",
        "reportLicencesByMonth",
        "reportSanctionsByMonth",
        "reportMembershipOverlaps",
        "reportRegisterInNumbers",
    )
}


async def build(_register: Register, _world: World) -> dict[str, Any]:
    """Make nothing: a report counts what is there."""
    return {}
