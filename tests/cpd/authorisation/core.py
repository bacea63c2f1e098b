"""The rows of the log, the obligations and the standing."""

from tests.cpd import make
from tests.cpd.authorisation.row import ASSOCIATIONS, EVERYONE, Row, World, own
from tests.cpd.conftest import Cpd
from tests.cpd.make import entry
from tests.cpd.people import ANN, member
from tests.cpd.test_obligations import COMMITMENT, PAUSE
from tests.cpd.test_reference import OWN_POLICY

LISTS = (
    "listSources", "listActivityTypes", "listLearningApproaches", "listCompetenceSuites",
    "listCompetenceStandards", "listSpecialisms", "listCommitmentWordings", "listPolicies",
)  # fmt: skip
OFFER_PATH = "/v1/offers/by-external-id/ICG/O-1"
OFFER = {"title": "A talk", "provider": "Sample University", "delivery": "taught"}
OPERATIONAL = ("livez", "readyz", "version", "metrics")


def readers(own_only: int = 404) -> dict[str, int]:
    """Tell the standing to everybody who may know it, and the other association that there is nobody."""
    told = dict.fromkeys(("own association", "registrar", "auditor", "neighbour", "careers service"), 200)
    return told | {"other association": own_only}


ROWS: dict[str, Row] = {
    **{name: Row(told=dict.fromkeys(EVERYONE, 200)) for name in (*LISTS, *OPERATIONAL)},
    "readJournal": Row(told={"neighbour": 200}),
    "publishPolicy": Row(told={"registrar": 201}, body=lambda _: OWN_POLICY),
    "getStanding": Row(told=readers(), place=lambda w: f"/v1/standing/{w['number']}"),
    "getValuations": Row(
        told={"own association": 200, "other association": 404, "registrar": 200, "auditor": 200},
        place=lambda w: f"/v1/standing/{w['number']}/valuations",
    ),
    # A batch is answered to whoever may ask; what is another's has no standing in it.
    "lookUpStandings": Row(told=readers(200), body=lambda w: {"numbers": [w["number"]]}),
    "listStandings": Row(told=ASSOCIATIONS),
    "upsertEntry": Row(
        told=own(200), place=lambda _: "/v1/entries/by-external-id/ICG/E-1", body=lambda _: entry()
    ),
    "getEntry": Row(told=own(200), place=lambda _: "/v1/entries/by-external-id/ICG/E-1"),
    "listEntries": Row(told=ASSOCIATIONS),
    "upsertEntries": Row(told=ASSOCIATIONS, body=lambda _: {"items": [{"entry_id": "E-1", **entry()}]}),
    "findOffers": Row(told=dict.fromkeys(EVERYONE, 200)),
    "upsertOffer": Row(told=own(201), place=lambda _: OFFER_PATH, body=lambda _: OFFER),
    "getOffer": Row(told=dict.fromkeys(EVERYONE, 404), place=lambda _: OFFER_PATH),
    "listOfferVersions": Row(told=dict.fromkeys(EVERYONE, 404), place=lambda _: f"{OFFER_PATH}/versions"),
    "takeEntryFile": Row(told=dict.fromkeys(ASSOCIATIONS, 422), body=lambda _: {}),
    "listEntryVersions": Row(told=own(200), place=lambda w: f"/v1/entries/{w['entry']}/versions"),
    "voidEntry": Row(
        told=own(201),
        place=lambda w: f"/v1/entries/{w['entry']}/voiding",
        body=lambda _: {"reason": "Wrong."},
    ),
    "declareReturn": Row(told=own(201), body=lambda _: {"number": ANN, "nature": "Courses."}),
    "listReturns": Row(told=ASSOCIATIONS),
    "declareCommitment": Row(told=own(201), body=lambda _: COMMITMENT),
    "listCommitments": Row(told=ASSOCIATIONS),
    "decidePause": Row(
        told={"auditor": 201}, body=lambda _: PAUSE | {"valid_from": "2027-03-01", "valid_to": "2027-03-31"}
    ),
    "listPauses": Row(told={"auditor": 200}),
    "endPause": Row(
        told={"auditor": 201},
        place=lambda w: f"/v1/pauses/{w['pause']}/ending",
        body=lambda _: {"last_day": "2026-12-01"},
    ),
}


async def build(cpd: Cpd) -> World:
    """Give every route something of the first association's to act on."""
    await member(cpd)
    made = await make.put(cpd)
    decided = await make.post(cpd, "/v1/pauses", PAUSE, make.AUDITOR)
    return {"number": ANN, "entry": made.json()["id"], "pause": decided.json()["id"]}
