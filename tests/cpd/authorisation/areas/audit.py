"""What is declared of the audit: draws, cases, assessors and reports."""

from datetime import timedelta
from typing import Any

from shared.clock import rfc3339
from tests.cpd import make as cpd_make
from tests.cpd.audit import make
from tests.cpd.authorisation.row import ASSOCIATIONS, EVERYONE, Row, World, own
from tests.cpd.conftest import Cpd
from tests.cpd.people import number

PUBLIC = dict.fromkeys(EVERYONE, 200)
AUDITOR = {"auditor": 201}
SEEDED = {"seed": make.SEED, "born_at": "2026-11-21T11:00:00Z"}
DESCRIBED = {"what": "x", "learned": "x", "benefit": "x"}


def _audit(name: str, path: str, told: dict[str, int], body: Any = None) -> Row:
    """Declare a route of an audit of the world."""
    return Row(told=told, place=lambda w: f"/v1/audits/{w[name]}{path}", body=lambda _: body)


def _case(name: str, path: str, told: dict[str, int], body: Any = None) -> Row:
    """Declare a route of a case of the world."""
    return Row(
        told=told,
        place=lambda w: f"/v1/audit-cases/{w[name]}{path}",
        body=body if callable(body) else lambda _: body,
    )


def _pack(world: World) -> Any:
    """Return the pack of the world; in a world of nothing one that names nothing either."""
    nothing = {"activities": [{"entry_id": 1, **DESCRIBED}]}
    return world["pack"] if isinstance(world["pack"], dict) else nothing


ROWS: dict[str, Row] = {
    "listAuditPolicies": Row(told=PUBLIC),
    "announceAudit": Row(
        told=AUDITOR,
        body=lambda _: {
            "title": "A",
            "seed_source": "dice",
            "seed_where": "London",
            "seed_expected_at": "2026-12-21T11:00:00Z",
            "strata": [{"association": "ICG"}],
        },
    ),
    "listAudits": Row(told=PUBLIC),
    "getAudit": _audit("announced", "", PUBLIC),
    "freezeAudit": _audit("announced", "/freeze", AUDITOR),
    "enterSeed": _audit("frozen", "/seed", AUDITOR, SEEDED),
    "drawAudit": _audit("seeded", "/draw", AUDITOR),
    "cancelAudit": _audit("cancellable", "/cancellation", AUDITOR, {"reason": "Rehearsed."}),
    "notifyDrawn": _audit("drawn", "/notices", AUDITOR),
    "getProof": _audit("drawn", "/proof", PUBLIC),
    "getTreatment": Row(
        told=own(200) | {"auditor": 200}, place=lambda w: f"/v1/audits/{w['drawn']}/people/{w['of_icg']}"
    ),
    "getResults": _audit("drawn", "/results", {"auditor": 200}),
    "openCase": Row(told=AUDITOR, body=lambda w: {"number": w["free"], "reason": "A weak record."}),
    "listCases": Row(told=ASSOCIATIONS | {"auditor": 200}),
    "getCase": _case("notified", "", own(200) | {"auditor": 200}),
    "listReminders": Row(told=ASSOCIATIONS | {"auditor": 200}),
    "takeStep": _case("notified", "/steps", AUDITOR, {"step": "defer", "words": "Ill."}),
    "submitPack": _case("to_submit", "/packs", own(201), _pack),
    "getPack": _case("submitted", "/pack", own(200) | {"auditor": 200}),
    "assignCase": _case("submitted", "/assignments", AUDITOR),
    "findInCase": _case("assigned", "/findings", AUDITOR, {"outcome": "find_meets", "reasons": "Good."}),
    "appealCase": _case("refused", "/appeals", own(201), {"words": "It does meet."}),
    "ruleOnAppeal": _case(
        "appealed", "/appeal-decisions", AUDITOR, {"ruling": "allowed", "reasons": "It does."}
    ),
    "nameAssessor": Row(told=AUDITOR, body=lambda _: {"subject": "somebody-new"}),
    "listAssessors": Row(told={"auditor": 200}),
    "declareConflict": Row(
        told=AUDITOR, body=lambda w: {"subject": "second", "number": w["number"], "nature": "A cousin."}
    ),
    "reportAuditOutcomes": Row(told=PUBLIC),
    "reportAuditAgreement": Row(told=PUBLIC),
}


async def build(cpd: Cpd, world: World) -> dict[str, Any]:
    """Make audits and cases of the first association's members in the states that the rows ask for."""
    caller = "auditor"
    await make.professionals(cpd, 6, first=100)
    made: dict[str, Any] = {"drawn": await make.drawn(cpd)}
    drawn = {each["number"] for each in await make.cases(cpd)}
    people = [number(serial) for serial in range(100, 106)]
    made["of_icg"] = people[0]
    free = [each for each in people if each not in drawn]
    await make.name(cpd, "first", "second")
    made["refused"] = await make.refused(cpd, free[0])
    made["appealed"] = await make.refused(cpd, free[1])
    appeal = f"/v1/audit-cases/{made['appealed']}/appeals"
    await make.sent(cpd, appeal, {"words": "x"}, cpd_make.cpd_system())
    made["submitted"] = await make.submitted(cpd, free[2])
    made["pack"] = await make.pack(cpd, free[3])
    made["to_submit"] = await make.targeted(cpd, free[3])
    made["assigned"] = await make.submitted(cpd, free[4])
    await make.sent(cpd, "/v1/audit-assessors", {"subject": caller})
    await make.sent(cpd, f"/v1/audit-cases/{made['assigned']}/assignments")
    made["notified"] = await make.targeted(cpd, world["number"])
    (made["free"],) = await make.professionals(cpd, 1, first=110, association="ACEG")
    made["frozen"], made["seeded"] = [await make.frozen(cpd) for _ in range(2)]
    cpd.clock.now += timedelta(minutes=61)
    SEEDED["born_at"] = rfc3339(cpd.clock())
    await make.sent(cpd, f"/v1/audits/{made['seeded']}/seed", SEEDED)
    announced = make.announcement(cpd)
    made["announced"], made["cancellable"] = [
        (await make.sent(cpd, "/v1/audits", announced))["id"] for _ in range(2)
    ]
    return made
