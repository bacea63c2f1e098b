"""What is declared of the routes to entry, the standards suites and the competence policies."""

from typing import Any

from tests.register import make as register_make
from tests.register.authorisation.callers import EVERYONE
from tests.register.authorisation.row import ASSOCIATIONS, REGISTRAR, Row, all_of, at, own, public
from tests.register.authorisation.world import World
from tests.register.conftest import Register
from tests.register.entry_routes import make

JUDGED = {"judgement": "met", "reasons": "The portfolio was read."}

ROWS: dict[str, Row] = {
    "listStandardsSuites": public(),
    "getStandardsSuite": Row(
        told=all_of(EVERYONE, 200), place=lambda _: "/v1/standards-suites/lluk-crd-2011"
    ),
    "publishStandardsSuite": Row(told={"registrar": 422}, body=lambda _: {}),
    "listCompetencePolicies": public(),
    "getCompetencePolicy": Row(
        told=all_of(EVERYONE, 200), place=lambda _: "/v1/competence-policies/competence-level-4"
    ),
    "publishCompetencePolicy": Row(told={"registrar": 422}, body=lambda _: {}),
    "submitEntryRoute": Row(
        told=own(201),
        body=lambda w: {"route": "alternative", "member_id": "routes", "holding": w["routeless_holding"]},
        missing_body=lambda _: {"route": "alternative", "member_id": "nobody", "holding": 1},
    ),
    "listEntryRoutes": Row(told=all_of(ASSOCIATIONS | REGISTRAR, 200)),
    "getEntryRoute": Row(told=own(200, registrar=200), **at("/v1/entry-routes/{}", "judged_route")),
    "nameModules": Row(
        told={"registrar": 201},
        body=lambda _: {"modules": make.MODULES, "reasons": "Guidance was not taught."},
        **at("/v1/entry-routes/{}/modules", "top_up_route"),
    ),
    "submitEvidence": Row(
        told=own(201),
        body=lambda _: {"part": "negotiate", "references": ["portfolio p. 4"]},
        **at("/v1/entry-routes/{}/evidence", "open_route"),
    ),
    "judgeEvidence": Row(
        told={"registrar": 201},
        body=lambda w: JUDGED | {"evidence": w["given_evidence"]},
        **at("/v1/entry-routes/{}/judgements", "open_route"),
    ),
    "decideEntryRoute": Row(
        told={"registrar": 201},
        body=lambda _: {"outcome": "granted", "reasons": "All of it was shown."},
        **at("/v1/entry-routes/{}/decisions", "judged_route"),
    ),
    "withdrawEntryRoute": Row(told=own(201), **at("/v1/entry-routes/{}/withdrawal", "unwanted_route")),
}


async def build(register: Register, _: World) -> dict[str, Any]:
    """Make a member with a route in each state that some call acts on."""
    await register_make.member(register, member_id="routes")
    degrees = [
        await register_make.authenticated_holding(
            register, member_id="routes", title=f"A Degree in {subject}", relevant=False
        )
        for subject in ("Psychology", "Law", "Music")
    ]
    member = {"member_id": "routes"}
    open_route = await make.begun(register, "competence", policy="competence-level-4", **member)
    given = await make.give(register, open_route, "career-theories")
    judged = await make.begun(register, "alternative", holding=degrees[0], **member)
    await make.show(register, judged, "relevance")
    await register_make.member(register, member_id="elsewhere")
    elsewhere = {"member_id": "elsewhere", "policy": "competence-level-4"}
    return {
        "routeless_holding": degrees[2],
        "open_route": open_route,
        "given_evidence": given.json()["evidence"][0]["id"],
        "judged_route": judged,
        "top_up_route": await make.begun(register, "top_up", holding=degrees[1], **member),
        "unwanted_route": await make.begun(register, "competence", **elsewhere),
    }
