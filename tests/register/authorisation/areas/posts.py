"""What is declared of the routes of posts and of the organisations that employ."""

from typing import Any

from tests.callers import association, registrar
from tests.register.authorisation.callers import EVERYONE
from tests.register.authorisation.row import ASSOCIATIONS, REGISTRAR, Row, all_of, at
from tests.register.authorisation.world import World
from tests.register.conftest import Register

ORGANISATION = {"name": "Invented Guidance Ltd", "sector": "private", "kind": "company"}
SCHOOL = "100000"
EVIDENCE = {"evidence": "The contract was seen."}
READERS = ASSOCIATIONS | REGISTRAR | {"school", "careers service"}
OWN_SIDES = {"own association": 201, "other association": 404, "school": 201, "registrar": 201}


def _post(world: World, start: str) -> dict[str, Any]:
    return {
        "number": world["number"],
        "employer": world["employer"],
        "school": {"value": SCHOOL},
        "role": "careers_adviser",
        "basis": "commissioned",
        "valid_from": start,
        **EVIDENCE,
    }


ROWS: dict[str, Row] = {
    "recordOrganisation": Row(told=all_of(ASSOCIATIONS | REGISTRAR, 201), body=lambda _: ORGANISATION),
    "upsertOrganisation": Row(
        told=all_of(ASSOCIATIONS | REGISTRAR, 200),
        place=lambda _: "/v1/organisations/by-ukprn/99990001",
        body=lambda _: ORGANISATION,
    ),
    "listOrganisations": Row(told=all_of(READERS, 200)),
    "getOrganisation": Row(told=all_of(READERS, 200), **at("/v1/organisations/{}", "employer")),
    "closeOrganisation": Row(
        told={"registrar": 201},
        body=lambda _: {"closed_on": "2026-10-31"},
        **at("/v1/organisations/{}/closing", "closing_organisation"),
    ),
    "listAdvisersOfOrganisation": Row(
        told={"registrar": 200, "careers service": 200}, **at("/v1/organisations/{}/advisers", "employer")
    ),
    "tellPost": Row(told=OWN_SIDES, body=lambda w: _post(w, "2026-11-01")),
    "getPost": Row(
        told=dict.fromkeys(OWN_SIDES, 200) | {"other association": 404}, **at("/v1/posts/{}", "post")
    ),
    "attestPost": Row(
        told={"own association": 409, "other association": 404, "school": 201, "registrar": 201},
        body=lambda _: EVIDENCE,
        **at("/v1/posts/{}/attestations", "attested_post"),
    ),
    "disputePost": Row(
        told={"own association": 409, "other association": 404, "school": 201, "registrar": 201},
        body=lambda _: {"reason": "She left in May."},
        **at("/v1/posts/{}/disputes", "disputed_post"),
    ),
    "endPost": Row(
        told=OWN_SIDES, body=lambda _: {"valid_to": "2026-11-20"}, **at("/v1/posts/{}/ending", "ending_post")
    ),
    "withholdPost": Row(
        told={"own association": 201, "other association": 404, "registrar": 201},
        body=lambda _: {"withheld": True},
        **at("/v1/posts/{}/visibility", "post"),
    ),
    "listPostsOfSchool": Row(told=all_of(EVERYONE, 200), place=lambda _: f"/v1/schools/{SCHOOL}/posts"),
    "listPostsOfPractitioner": Row(
        told=all_of(EVERYONE, 200), place=lambda w: f"/v1/practitioners/{w['number']}/posts"
    ),
    "lookUpPosts": Row(told=all_of(EVERYONE, 200), body=lambda _: {"urns": [SCHOOL]}),
    "findSchoolsWithoutLicensedAdviser": Row(told=all_of(EVERYONE, 200), body=lambda _: {"urns": [SCHOOL]}),
}


async def build(register: Register, world: World) -> dict[str, Any]:
    """Record two organisations, and tell of some posts that the association's member has at one school."""
    made: dict[str, Any] = {}
    for place, name in enumerate(("employer", "closing_organisation"), start=1):
        answer = await register.http.put(
            f"/v1/organisations/by-ukprn/9999000{place}", json=ORGANISATION, headers=registrar()
        )
        made[name] = answer.json()["id"]
    for year, name in enumerate(("post", "attested_post", "disputed_post", "ending_post"), start=2020):
        body = _post(world | made, f"{year}-01-01") | {"valid_to": f"{year}-12-31"}
        if name == "ending_post":
            body |= {"valid_from": "2026-09-01", "valid_to": None, "role": "careers_leader"}
        told = await register.http.post("/v1/posts", json=body, headers=association())
        assert told.status_code == 201, told.text
        made[name] = told.json()["id"]
    return made
