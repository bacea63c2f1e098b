"""What is declared of moderation, concerns and what is published of bodies."""

from typing import Any

from tests.kitemark.authorisation.row import EVERYONE, Row, World
from tests.kitemark.conftest import Kitemark
from tests.kitemark.make import PANEL, award_body

DECIDING = ("panel", "assessor")
BODIES = ("own body", "other body", "award body")
PUBLIC = dict.fromkeys(EVERYONE, 200)
# The bodies of the matrix have no part in a moderation or a concern: to them there is none.
NOT_THEIRS = dict.fromkeys(BODIES, 404)
MODERATION = {
    "body": "CSW",
    "moderator": "FUTURES",
    "seed_source": {"kind": "given", "where": "A rehearsal.", "expected_at": "2030-01-01T00:00:00Z"},
}
CONCERN = {"about": "body", "code": "CSW", "words": "Nobody has ever visited this school."}
FINDING = {"finding": "agree", "reasons": "It is shown.", "number": "CR1234567X"}
SEED = {"seed": "a seed of the beacon, round 1", "born_at": "2030-01-01T00:00:00Z"}


def _of(kind: str, told: dict[str, int], path: str = "", body: Any = None) -> Row:
    return Row(told=told, place=lambda w: f"/v1/{kind}/{w[kind]}{path}", body=lambda _: body)


ROWS: dict[str, Row] = {
    **{name: Row(told=PUBLIC) for name in ("listPolicingPolicies", "listBodyTies", "listModerations")},
    "getBodyQuality": Row(told=PUBLIC, place=lambda _: "/v1/bodies/CSW/quality"),
    "freezeModeration": Row(told=dict.fromkeys(DECIDING, 201), body=lambda _: MODERATION),
    "getModeration": _of("moderations", PUBLIC),
    "getModerationProof": _of("moderations", PUBLIC, "/proof"),
    # Its seed is not there yet.
    "enterModerationSeed": _of("moderations", dict.fromkeys(DECIDING, 409), "/seed", SEED),
    "drawModeration": _of("moderations", dict.fromkeys(DECIDING, 409), "/draw", {}),
    "cancelModeration": _of(
        "moderations", dict.fromkeys(DECIDING, 201), "/cancellation", {"reason": "It was a rehearsal."}
    ),
    "listModerationCases": Row(told=dict.fromkeys((*DECIDING, *BODIES), 200)),
    "getModerationCase": Row(
        told=dict.fromkeys(DECIDING, 404) | NOT_THEIRS, place=lambda _: "/v1/moderation-cases/9999999"
    ),
    # Neither of them speaks for a body that moderates.
    "findInModeration": Row(
        told=dict.fromkeys(DECIDING, 403),
        place=lambda _: "/v1/moderation-cases/9999999/findings",
        body=lambda _: FINDING,
    ),
    "respondToFinding": Row(
        told=NOT_THEIRS,
        place=lambda _: "/v1/moderation-cases/9999999/responses",
        body=lambda _: {"response": "See file 7."},
    ),
    "raiseConcern": Row(told=dict.fromkeys(EVERYONE, 201), body=lambda _: CONCERN),
    "followConcern": Row(
        told=PUBLIC,
        place=lambda _: "/v1/concerns/progress",
        body=lambda w: {"reference": w.get("reference", "none")},
    ),
    "listConcerns": Row(told=dict.fromkeys((*DECIDING, *BODIES), 200)),
    "getConcern": _of("concerns", dict.fromkeys(DECIDING, 200) | NOT_THEIRS),
    "acknowledgeConcern": _of("concerns", dict.fromkeys(DECIDING, 201), "/acknowledgement", {}),
    "answerConcern": _of("concerns", NOT_THEIRS, "/answer", {"answer": "We did."}),
    "closeConcern": Row(
        told=dict.fromkeys(DECIDING, 201),
        place=lambda w: f"/v1/concerns/{w['other concern']}/closing",
        body=lambda _: {"outcome": "outside", "reasons": "It is about a bus."},
    ),
}


async def build(kitemark: Kitemark, world: World) -> World:
    """Have a moderation frozen of an award of last year, and two concerns raised."""
    award = {
        "school": "100001",
        "scheme": "QICS",
        "stage": "full",
        "valid_from": "2026-03-01",
        "valid_to": "2029-02-28",
    }
    path = "/v1/awards/by-external-id/FUTURES/A-1"
    await kitemark.http.put(path, json=award, headers=award_body("FUTURES"))
    other = MODERATION | {"body": "FUTURES", "moderator": "CSW"}
    made = await kitemark.http.post("/v1/moderations", json=other, headers=PANEL)
    path = "/v1/awards/by-external-id/CSW/A-1"
    await kitemark.http.put(path, json=award, headers=award_body("CSW"))
    references = [
        (await kitemark.http.post("/v1/concerns", json=CONCERN)).json()["reference"] for _ in range(2)
    ]
    one, two = (await kitemark.http.get("/v1/concerns", headers=PANEL)).json()["items"]
    return {
        "moderations": made.json()["id"],
        "concerns": one["id"],
        "other concern": two["id"],
        "reference": references[0],
    }
