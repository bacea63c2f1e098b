"""The rows of what every service has, and of the reference data."""

from tests.kitemark.authorisation.row import EVERYONE, Row, World
from tests.kitemark.conftest import Kitemark

LISTS = ("listSources",)
OPERATIONAL = ("livez", "readyz", "version", "metrics")

ROWS: dict[str, Row] = {
    **{name: Row(told=dict.fromkeys(EVERYONE, 200)) for name in (*LISTS, *OPERATIONAL)},
    "readJournal": Row(told={"neighbour": 200}),
}


async def build(kitemark: Kitemark) -> World:
    """Give every route something to act on."""
    return {}
