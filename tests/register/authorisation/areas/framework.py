"""What is declared of the career progression framework and of gap analysis."""

from typing import Any

from tests.register.authorisation.callers import EVERYONE
from tests.register.authorisation.row import Row, all_of, own, public
from tests.register.authorisation.world import NOBODY, World
from tests.register.conftest import Register

ROWS: dict[str, Row] = {
    "getCareerFramework": public(),
    "getCareerRole": Row(
        told=all_of(EVERYONE, 200), place=lambda _: "/v1/career-framework/roles/practitioner"
    ),
    "listCareerMoves": public(),
    "getCareerGaps": Row(
        told=own(200, registrar=200),
        place=lambda w: f"/v1/practitioners/{w['number']}/career-gaps",
        missing=f"/v1/practitioners/{NOBODY}/career-gaps",
        params={"role": "careers_adviser"},
    ),
    "compareCareerGaps": Row(told=all_of(EVERYONE, 200), body=lambda _: {"role": "careers_adviser"}),
}


async def build(_: Register, __: World) -> dict[str, Any]:
    """Make nothing: everything that is read here is there already."""
    return {}
