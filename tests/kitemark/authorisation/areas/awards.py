"""What is declared of awards, marks, validations and authorities."""

from tests.kitemark.authorisation.row import EVERYONE, Row, World, own
from tests.kitemark.conftest import Kitemark

PATH = "/v1/awards/by-external-id/body-1/A-1"
AWARD = {
    "school": "100001",
    "scheme": "QICS",
    "stage": "full",
    "valid_from": "2025-03-01",
    "valid_to": "2028-02-29",
}
BODIES = ("own body", "other body", "award body")
DECIDING = ("panel", "assessor")
PUBLIC = dict.fromkeys(EVERYONE, 200)
VALIDATION = {"scheme": "SHEFFIELD", "valid_from": "2015-01-01", "source": "Panel 9"}
AUTHORITY = {"body": "SHEFFIELD", "scheme": "SHEFFIELD", "valid_from": "2015-01-01", "source": "Panel 9"}

ROWS: dict[str, Row] = {
    **{
        name: Row(told=PUBLIC)
        for name in (
            "listBodies",
            "listSchemes",
            "listCriteriaVersions",
            "listMarkPolicies",
            "listValidations",
            "listAuthorities",
            "findSchools",
            "reportMarkCoverage",
            "listAwards",
            "listDuplicateAwards",
        )
    },
    # The bodies of the matrix are not authorised for any scheme: they are let in, and told so.
    "upsertAward": Row(told=own(422), place=lambda _: PATH, body=lambda _: AWARD),
    "upsertAwards": Row(
        told=dict.fromkeys(BODIES, 200), body=lambda _: {"items": [AWARD | {"award_id": "1"}]}
    ),
    "takeAwardFile": Row(told=dict.fromkeys(BODIES, 422), body=lambda _: {}),
    "withdrawAward": Row(
        told=dict.fromkeys(BODIES, 404),
        place=lambda _: f"{PATH}/withdrawal",
        body=lambda _: {"reason": "It was wrong."},
    ),
    "getAward": Row(told=dict.fromkeys(EVERYONE, 404), place=lambda _: PATH),
    "listAwardVersions": Row(told=dict.fromkeys(EVERYONE, 404), place=lambda _: f"{PATH}/versions"),
    "listAwardsOfSchool": Row(told=PUBLIC, place=lambda _: "/v1/schools/100001/awards"),
    "getSchool": Row(told=dict.fromkeys(EVERYONE, 404), place=lambda _: "/v1/schools/100001"),
    "reportSchoolsByMark": Row(told=PUBLIC, place=lambda _: "/v1/reports/schools-by-mark?mark=none"),
    "getMark": Row(told=PUBLIC, place=lambda _: "/v1/marks/100001"),
    "lookUpMarks": Row(told=PUBLIC, body=lambda _: {"schools": ["100001"]}),
    "proposeValidation": Row(told=dict.fromkeys(DECIDING, 201), body=lambda _: VALIDATION),
    "proposeAuthority": Row(told=dict.fromkeys(DECIDING, 201), body=lambda _: AUTHORITY),
    "listProposals": Row(told=dict.fromkeys(DECIDING, 200)),
    "getProposal": Row(told=dict.fromkeys(DECIDING, 404), place=lambda _: "/v1/proposals/999"),
    **{
        f"{event}Proposal": Row(
            told=dict.fromkeys(DECIDING, 404),
            place=lambda _, path=path: f"/v1/proposals/999/{path}",
            body=lambda _, body=body: body,
        )
        for event, path, body in (
            ("confirm", "confirmation", {}),
            ("refuse", "refusal", {"reason": "No."}),
            ("withdraw", "withdrawal", {}),
        )
    },
    "proposeEndOfValidation": Row(
        told=dict.fromkeys(DECIDING, 201),
        place=lambda w: f"/v1/validations/{w['validation']}/ending",
        body=lambda _: {},
    ),
    **{
        f"proposeAnnulmentOf{what.title()}": Row(
            told=dict.fromkeys(DECIDING, 201),
            place=lambda w, what=what, many=many: f"/v1/{many}/{w[what]}/annulment",
            body=lambda _: {"reason": "It was withdrawn on its first day."},
        )
        for what, many in (("validation", "validations"), ("authority", "authorities"))
    },
    "proposeEndOfAuthority": Row(
        told=dict.fromkeys(DECIDING, 201),
        place=lambda w: f"/v1/authorities/{w['authority']}/ending",
        body=lambda _: {},
    ),
}


async def build(kitemark: Kitemark, world: World) -> World:
    """Find a validation and an authority that stand."""
    validations = (await kitemark.http.get("/v1/validations")).json()["items"]
    authorities = (await kitemark.http.get("/v1/authorities")).json()["items"]
    standing = {each["scheme"]: each["id"] for each in validations}
    return {
        "validation": standing["QICS"],
        "authority": next(each["id"] for each in authorities if each["valid_to"] is None),
    }
