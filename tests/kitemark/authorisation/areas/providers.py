"""What is declared of the routes of providers, of their reports, and of where the strands meet."""

from typing import Any

from tests.kitemark.authorisation.row import EVERYONE, Row, World
from tests.kitemark.conftest import Kitemark
from tests.kitemark.joined.test_reuses import ASKED, ICG, SCHOOL
from tests.kitemark.make import PANEL, award_body
from tests.kitemark.providers import make_providers as make
from tests.kitemark.providers.make_providers import ACCREDITATION, PROVIDER, UKPRN
from tests.kitemark.providers.test_compliance import CIRCUMSTANCE, RULE, STANDARD

KEEPER = "body-1"
LIST = f"/v1/accreditations/by-external-id/{KEEPER}/M-1"
FILE = f"/v1/accreditation-files/{KEEPER}/2026-11-20"
CONTENT = f"{make.HEADER}\nM-1,{UKPRN},,own-standard,,2025-01-01,2027-12-31,\n".encode()
OWN = ACCREDITATION | {"standard": "own-standard"}
BODIES = ("own body", "other body", "award body")
PUBLIC = dict.fromkeys(EVERYONE, 200)


def panel(status: int) -> dict[str, int]:
    """Tell whoever decides for the panel ``status``."""
    return {"panel": status, "assessor": status}


def keeper(status: int) -> dict[str, int]:
    """Tell the panel and the keeper of the list ``status``, other bodies that there is no such thing."""
    return panel(status) | {"own body": status, "other body": 404, "award body": 404}


ROWS: dict[str, Row] = {
    "listProviders": Row(told=PUBLIC),
    "getProvider": Row(told=PUBLIC, place=lambda _: f"/v1/providers/{UKPRN}"),
    "getProviderCompliance": Row(told=PUBLIC, place=lambda _: f"/v1/providers/{UKPRN}/compliance"),
    "lookUpProviderCompliance": Row(told=PUBLIC, body=lambda _: {"ukprns": [UKPRN]}),
    "listProviderStandards": Row(told=PUBLIC),
    "listProviderCircumstances": Row(told=PUBLIC),
    "listRequirementRules": Row(told=PUBLIC),
    "getAccreditation": Row(told=PUBLIC, place=lambda _: LIST),
    "upsertProvider": Row(
        told=panel(200) | dict.fromkeys(BODIES, 409),
        place=lambda _: f"/v1/providers/{UKPRN}",
        body=lambda _: PROVIDER | {"name": "Another name"},
    ),
    "closeProvider": Row(
        told=panel(201),
        place=lambda _: f"/v1/providers/{UKPRN}/closing",
        body=lambda _: {"closed_on": "2026-10-31", "outcome": "closed"},
    ),
    "upsertAccreditation": Row(told=keeper(200), place=lambda _: LIST, body=lambda _: OWN),
    "upsertAccreditations": Row(
        told=keeper(200), body=lambda _: {"keeper": KEEPER, "items": [OWN | {"accreditation_id": "M-1"}]}
    ),
    "readAccreditationFile": Row(
        told=keeper(200),
        place=lambda _: FILE,
        body=lambda _: CONTENT,
        headers={"Content-Type": "text/csv"},
    ),
    "getAccreditationFile": Row(told=keeper(200), place=lambda _: FILE),
    "publishRequirementRule": Row(told=panel(201), body=lambda _: RULE),
    "addProviderStandard": Row(told=panel(201), body=lambda _: STANDARD),
    "addProviderCircumstance": Row(told=panel(201), body=lambda _: CIRCUMSTANCE),
    "reportProviderCompliance": Row(told=panel(200)),
    "takeStaffEvidence": Row(told={"school": 201}, body=lambda _: {}),
    "getStaffEvidence": Row(
        told=panel(200) | {"school": 200, **dict.fromkeys(BODIES, 404)},
        place=lambda w: f"/v1/staff-evidence/{w['evidence']}",
    ),
    "askAwardReuse": Row(
        told={"CPD of an association": 201, "CPD of another association": 201},
        body=lambda _: ASKED | {"entry_id": "E-9"},
    ),
    "listAwardReuses": Row(
        told={"CPD of an association": 200, "CPD of another association": 200, "school": 200}
    ),
    "getAwardReuse": Row(
        told={"CPD of an association": 200, "CPD of another association": 404, "school": 200},
        place=lambda w: f"/v1/award-reuses/{w['reuse']}",
    ),
    "consentToAwardReuse": Row(
        told={"school": 201}, place=lambda w: f"/v1/award-reuses/{w['reuse']}/consent", body=lambda _: {}
    ),
    "refuseAwardReuse": Row(
        told={"school": 201},
        place=lambda w: f"/v1/award-reuses/{w['refused_reuse']}/refusal",
        body=lambda _: {},
    ),
    "withdrawAwardReuse": Row(
        told={"CPD of an association": 201, "CPD of another association": 404, "school": 409},
        place=lambda w: f"/v1/award-reuses/{w['withdrawn_reuse']}/withdrawal",
        body=lambda _: {},
    ),
}


async def build(kitemark: Kitemark, world: World) -> World:
    """Give every route something to act on."""
    standard = STANDARD | {"code": "own-standard", "kept_by": [KEEPER]}
    await kitemark.http.post("/v1/provider-standards", json=standard, headers=PANEL)
    await make.provider(kitemark)
    await kitemark.http.put(LIST, json=OWN, headers=award_body(KEEPER))
    await kitemark.http.put(FILE, content=CONTENT, headers={**award_body(KEEPER), "Content-Type": "text/csv"})
    evidence = await kitemark.http.post("/v1/staff-evidence", json={}, headers=SCHOOL)
    made: dict[str, Any] = {"evidence": evidence.json()["id"]}
    for name in ("reuse", "refused_reuse", "withdrawn_reuse"):
        asked = await kitemark.http.post("/v1/award-reuses", json=ASKED | {"entry_id": name}, headers=ICG)
        made[name] = asked.json()["id"]
    return made
