"""What is declared of modules, programmes and credit."""

from tests.cpd import make
from tests.cpd.authorisation.row import ASSOCIATIONS, EVERYONE, Row, World, own
from tests.cpd.conftest import Cpd
from tests.cpd.credits.make import AWARD, CREDIT, MODULE, PROGRAMME, credit, programme, three_modules
from tests.cpd.credits.test_recognitions import CLAIM
from tests.cpd.people import ANN

ALL = dict.fromkeys(EVERYONE, 200)
NEXT = {"version": "2027", "effective_from": "2027-01-01"}
MODULE_PATH = "/v1/modules/by-external-id/ICG/M-1"
CREDIT_PATH = "/v1/credits/by-external-id/ICG/C-1"
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
    "upsertCredit": Row(told=own(200), place=lambda _: CREDIT_PATH, body=lambda _: CREDIT),
    "getCredit": Row(told=own(200), place=lambda _: CREDIT_PATH),
    "upsertCredits": Row(told=ASSOCIATIONS, body=lambda _: {"items": [CREDIT | {"credit_id": "C-2"}]}),
    "listCreditVersions": Row(told=own(200), place=lambda w: f"/v1/credits/{w['credit']}/versions"),
    "voidCredit": Row(
        told=own(201),
        place=lambda w: f"/v1/credits/{w['credit']}/voiding",
        body=lambda _: {"reason": "Wrong."},
    ),
    "listCreditsOfPerson": Row(
        told=own(200) | dict.fromkeys(("registrar", "auditor", "neighbour"), 200),
        place=lambda w: f"/v1/people/{w['number']}/credits",
    ),
    "getProgress": Row(
        told=own(200) | dict.fromkeys(("registrar", "auditor", "neighbour"), 200),
        place=lambda w: f"/v1/people/{w['number']}/progress/ICG/P-1",
    ),
    "offerAward": Row(
        told=own(201),
        body=lambda w: {"number": w["number"], "programme": "ICG/P-1", "award": "Short"},
    ),
    "getAwardOffer": Row(told=own(200), place=lambda w: f"/v1/award-offers/{w['award offer']}"),
    "listAwardOffers": Row(told=ASSOCIATIONS),
    "withdrawAwardOffer": Row(
        told=own(201), place=lambda w: f"/v1/award-offers/{w['award offer']}/withdrawal"
    ),
    "claimRecognition": Row(told=own(201), body=lambda _: CLAIM | {"module": "ICG/M-1"}),
    # The claimant keeps the module too, so that only an auditor may judge and no other has a part in it.
    "getRecognition": Row(
        told=own(200) | {"auditor": 200}, place=lambda w: f"/v1/recognitions/{w['recognition']}"
    ),
    "listRecognitions": Row(told=ASSOCIATIONS | {"auditor": 200}),
    "stepInRecognition": Row(
        told={"auditor": 201, "own association": 403, "other association": 404},
        place=lambda w: f"/v1/recognitions/{w['recognition']}/steps",
        body=lambda _: {"step": "grant", "reasons": "Seen."},
    ),
}


async def build(cpd: Cpd, _: World) -> World:
    """Tell of modules and of a programme that is made of them."""
    await three_modules(cpd)
    short = {"title": "Short", "core": ["ICG/M-1"], "groups": [], "minimum_credits": 15}
    await programme(cpd, awards=[AWARD | short, AWARD | short | {"title": "Offered"}])
    banked = await credit(cpd)
    claimed = await make.post(cpd, "/v1/recognitions", CLAIM | {"module": "ICG/M-2"})
    asked = {"number": ANN, "programme": "ICG/P-1", "award": "Offered"}
    offered = await make.post(cpd, "/v1/award-offers", asked)
    return {
        "award offer": offered.json()["id"],
        "credit": banked.json()["id"],
        "recognition": claimed.json()["id"],
    }
