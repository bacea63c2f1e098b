"""What is declared of the reports of scale and nature: everybody reads them, each as far as it may see."""

from tests.cpd.authorisation.row import EVERYONE, Row, World
from tests.cpd.conftest import Cpd

ROWS: dict[str, Row] = {
    "reportScaleAndNature": Row(told=dict.fromkeys(EVERYONE, 200)),
    "reportParticipation": Row(told=dict.fromkeys(EVERYONE, 200)),
}


async def build(_: Cpd, __: World) -> World:
    """Reports need nothing to be there."""
    return {}
