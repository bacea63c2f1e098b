"""What is declared of the equivalence of offers; the offers themselves are among the core's rows."""

from tests.cpd import make
from tests.cpd.authorisation.row import ASSOCIATIONS, EVERYONE, Row, World, own
from tests.cpd.conftest import Cpd

PATH = "/v1/offer-equivalences"
TALK = {"title": "A talk", "provider": "Sample University", "delivery": "taught"}
KEEPERS = {"NAEGA": ("N-1", "N-2"), "ICG": ("O-10",)}


def proposal(other_offer_id: str) -> dict[str, str]:
    """Return a proposal of the first association to a third one."""
    return {"offer_id": "O-10", "other_association": "NAEGA", "other_offer_id": other_offer_id}


ROWS: dict[str, Row] = {
    # Another association has no such offer of its own, so it finds none either.
    "proposeEquivalence": Row(told=own(201), body=lambda _: proposal("N-2")),
    "stepInEquivalence": Row(
        told=own(201),
        place=lambda w: f"{PATH}/{w['equivalence']}/steps",
        body=lambda _: {"step": "withdraw"},
    ),
    "getEquivalence": Row(told=own(200), place=lambda w: f"{PATH}/{w['equivalence']}"),
    "listEquivalences": Row(told=ASSOCIATIONS),
    "listEquivalentOffers": Row(
        told=dict.fromkeys(EVERYONE, 200),
        place=lambda _: "/v1/offers/by-external-id/NAEGA/N-1/equivalents",
    ),
}


async def build(cpd: Cpd, _: World) -> World:
    """Let the first association propose an equivalence to a third."""
    for keeper, ids in KEEPERS.items():
        for offer_id in ids:
            path = f"/v1/offers/by-external-id/{keeper}/{offer_id}"
            await cpd.http.put(path, json=TALK, headers=make.cpd_system(keeper))
    made = await make.post(cpd, PATH, proposal("N-1"))
    return {"equivalence": made.json()["id"]}
