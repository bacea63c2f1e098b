"""What is declared of modules, programmes and credit."""

from tests.cpd.authorisation.row import EVERYONE, Row, World, own
from tests.cpd.conftest import Cpd
from tests.cpd.credits.make import MODULE, PROGRAMME, programme, three_modules

ALL = dict.fromkeys(EVERYONE, 200)
NEXT = {"version": "2027", "effective_from": "2027-01-01"}
MODULE_PATH = "/v1/modules/by-external-id/ICG/M-1"
PROGRAMME_PATH = "/v1/programmes/by-external-id/ICG/P-1"

ROWS: dict[str, Row] = {
    "listModules": Row(told=ALL),
    "getModule": Row(told=ALL, place=lambda _: MODULE_PATH),
    "listModuleVersions": Row(told=ALL, place=lambda _: f"{MODULE_PATH}/versions"),
    "upsertModule": Row(told=own(201), place=lambda _: MODULE_PATH, body=lambda _: MODULE | NEXT),
    "listProgrammes": Row(told=ALL),
    "getProgramme": Row(told=ALL, place=lambda _: PROGRAMME_PATH),
    "listProgrammeVersions": Row(told=ALL, place=lambda _: f"{PROGRAMME_PATH}/versions"),
    "upsertProgramme": Row(told=own(201), place=lambda _: PROGRAMME_PATH, body=lambda _: PROGRAMME | NEXT),
}


async def build(cpd: Cpd, _: World) -> World:
    """Tell of modules and of a programme that is made of them."""
    await three_modules(cpd)
    await programme(cpd)
    return {}
