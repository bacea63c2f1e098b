"""What is declared of the routes of reports."""

from typing import Any

from tests.register.authorisation.callers import EVERYONE
from tests.register.authorisation.row import ASSOCIATIONS, Row, all_of, public
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
} | {
    **{
        name: Row(told=all_of(EVERYONE, 200), params={"policy": "entry-level-7"})
        for name in ("reportLevelForecast", "reportCharteredReadiness")
    },
    "listLevelForecasts": Row(told=all_of(ASSOCIATIONS, 200), params={"policy": "entry-level-7"}),
}


async def build(_register: Register, _world: World) -> dict[str, Any]:
    """Make nothing: a report counts what is there."""
    return {}
