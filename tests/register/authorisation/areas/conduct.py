"""What is declared of complaints, published decisions and alerts."""

from typing import Any

from tests.register import make_licences
from tests.register.authorisation.callers import EVERYONE
from tests.register.authorisation.row import ASSOCIATIONS, REGISTRAR, Row, all_of, at, own, public
from tests.register.authorisation.world import World
from tests.register.conduct import make
from tests.register.conftest import Register

# Whoever calls as the registrar sits on the panels, and on nothing else.
MEMBERS = ("registrar-three", "panel-two", "panel-three")
APPEAL_MEMBERS = ("registrar-three", "appeal-two", "appeal-three")
REASONS = {"public_reason": "A concern is looked into.", "internal_reason": "Risk."}
FOR_REGISTRARS = {"registrar": 201}


def _row(what: str, name: str, body: dict[str, Any], told: dict[str, int] | None = None) -> Row:
    """Declare something done in a complaint of the world."""
    place = at(f"/v1/complaints/{{}}/{what}", name)
    return Row(told=told or FOR_REGISTRARS, body=lambda _: body, **place)


ROWS: dict[str, Row] = {
    "listConductPolicies": public(),
    "makeComplaint": Row(
        told=all_of(EVERYONE, 201),
        body=lambda w: {"number": w["number"], "conduct_on": "2026-10-01", "account": "It happened."},
    ),
    "followComplaint": Row(
        told=all_of(EVERYONE, 200),
        place=lambda _: "/v1/complaints/progress",
        body=lambda w: {"reference": w["reference"]},
    ),
    "withdrawComplaint": Row(
        told=all_of(EVERYONE, 201),
        place=lambda _: "/v1/complaints/withdrawals",
        body=lambda w: {"reference": w["reference"]},
    ),
    "listComplaints": Row(told=all_of(ASSOCIATIONS | REGISTRAR, 200)),
    "getComplaint": Row(told=own(200, registrar=200), **at("/v1/complaints/{}", "asked")),
    "moveComplaint": _row("steps", "complaint", {"step": "acknowledge", "reason": "Seen."}),
    "identifyComplaint": Row(
        told=FOR_REGISTRARS,
        body=lambda w: {"number": w["number"], "reason": "The school named the adviser."},
        **at("/v1/complaints/{}/identifications", "described"),
    ),
    "askMember": _row("answer-requests", "investigated", {"association": "ICG"}),
    "answerComplaint": _row("answers", "asked", {"words": "I did not."}, own(201)),
    "suspendForComplaint": _row("interim-suspensions", "protectable", REASONS),
    "recordConflict": _row("conflicts", "asked", {"subject": "somebody", "nature": "A cousin."}),
    "convenePanel": _row("panels", "case", {"members": list(MEMBERS)}),
    "decideComplaint": _row(
        "decisions",
        "before_panel",
        {"outcome": "no_action", "reasons": "Not shown.", "members": list(MEMBERS)},
    ),
    "appeal": _row("appeals", "decided", {"words": "Unheard."}, own(201)),
    "decideAppeal": _row(
        "appeal-decisions",
        "appealed",
        {"outcome": "dismissed", "reasons": "Heard.", "members": list(APPEAL_MEMBERS)},
    ),
    "listPublishedDecisions": Row(
        told=all_of(EVERYONE, 200), place=lambda w: f"/v1/practitioners/{w['number']}/decisions"
    ),
    "listAlerts": Row(told=all_of(ASSOCIATIONS | REGISTRAR, 200)),
    "acknowledgeAlert": Row(told=own(201), **at("/v1/alerts/{}/acknowledgements", "alert")),
}


async def build(register: Register, world: World) -> dict[str, Any]:
    """Make complaints of the first association's member in the states that the rows ask for."""
    number = await make_licences.licensed(register, "conduct")
    received = await make.complain(register, number)
    made: dict[str, Any] = {"reference": received.json()["reference"]}
    await make.complain(register, number)
    made["complaint"] = await make.newest(register)
    await make.complain(register, None, described_person="The adviser of 3 May.")
    made["described"] = await make.newest(register)
    await make.take(register, made["described"], "acknowledge")
    for name, state in (
        ("investigated", "investigated"),
        ("protectable", "investigated"),
        ("asked", "answer_awaited"),
        ("case", "case_to_answer"),
        ("before_panel", "case_to_answer"),
    ):
        made[name] = await make.complaint_at(register, number, state)
    await make.convene(register, made["before_panel"], MEMBERS)
    for name in ("decided", "appealed"):
        made[name] = await make.decided(register, number, "advice")
    await make.post(register, made["appealed"], "appeals", {"words": "Unheard."}, make.ICG)
    await make.convene(register, made["appealed"], APPEAL_MEMBERS)
    alerts = await register.db.fetch("SELECT min(id) AS id FROM alerts WHERE association = 'ICG'")
    return {**made, "alert": alerts[0]["id"]}
