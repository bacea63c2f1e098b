"""What is declared of the routes from a member to a licence and its sanctions."""

from tests.register.authorisation.callers import EVERYONE
from tests.register.authorisation.row import (
    ASSOCIATIONS,
    REGISTRAR,
    Row,
    all_of,
    at,
    member,
    of_member,
    own,
    public,
    reason,
)
from tests.register.authorisation.world import CSV, FILE, MAPPING

AUTHENTICATION = {
    "method": "original_certificate",
    "evidence_reference": "scan 1",
    "reason": "The certificate was seen.",
    "relevant": True,
}
MEMBER = {
    "given_names": "Ann",
    "family_name": "Example",
    "membership": {"level": "affiliate", "valid_from": "2020-01-01"},
}
HOLDING = {"title": "A Fourth Diploma", "framework": "QCF", "level": "6", "awarded_on": "2015-07-01"}
ACCEPTANCE = {"code_version": "cdi-2019-01-01", "accepted_on": "2020-01-01"}
OPERATIONAL = ("livez", "readyz", "version", "metrics")
LISTS = (
    "listSources", "listAssociations", "listFrameworks", "listLevelEquivalences", "listHigherEducationCycles",
    "listQualifications", "listSpecialisms", "listHomeCountries", "listRegions", "listSettings", "listRoles",
    "listMembershipLevels", "listCodesOfEthics", "listEntryPolicies", "listLicencePolicies",
    "listRetentionPolicies", "listJoiningPolicies",
)  # fmt: skip


IMPORT_FILES = {
    name: Row(told=own(200), **at(f"/v1/imports/{{}}/{part}", "import_id"))
    for name, part in (
        ("getImportSuccessful", "successful"),
        ("getImportFailed", "failed"),
        ("getImportUnprocessed", "unprocessed"),
    )
}

ROWS: dict[str, Row] = {
    **{name: Row(told=all_of(EVERYONE, 200)) for name in OPERATIONAL},
    **{name: public() for name in LISTS},
    **IMPORT_FILES,
    "readJournal": Row(told={"neighbour": 200}),
    "getLicence": Row(told=all_of(EVERYONE, 200), place=lambda w: f"/v1/licences/{w['number']}"),
    "verify": Row(told=all_of(EVERYONE, 200), body=lambda w: {"rows": [{"number": w["number"]}]}),
    "getPractitioner": Row(told=all_of(EVERYONE, 200), place=lambda w: f"/v1/practitioners/{w['number']}"),
    "lookUpPractitioners": Row(told=all_of(EVERYONE, 200), body=lambda w: {"numbers": [w["number"]]}),
    "getDecidingLevel": Row(
        told=own(200, registrar=200), place=lambda w: f"/v1/practitioners/{w['number']}/deciding-level"
    ),
    "upsertMember": Row(
        told=own(200),
        place=lambda _: "/v1/members/by-external-id/ICG/1",
        body=lambda _: MEMBER,
    ),
    "getMember": Row(told=own(200), **member("/v1/members/by-external-id/ICG/{}")),
    "listMembers": Row(told=all_of(ASSOCIATIONS, 200)),
    "upsertMembers": Row(
        told=all_of(ASSOCIATIONS, 200), body=lambda _: {"items": [{"member_id": "50", **MEMBER}]}
    ),
    "declareHolding": Row(told=own(201), **of_member("1", HOLDING)),
    "listHoldings": Row(told=all_of(ASSOCIATIONS | REGISTRAR, 200)),
    "getHolding": Row(told=own(200, registrar=200), **at("/v1/holdings/{}", "claimed_holding")),
    "completeHolding": Row(
        told=own(201),
        body=lambda _: {"awarded_on": "2026-07-01"},
        **at("/v1/holdings/{}/completion", "planned_holding"),
    ),
    "withdrawHolding": Row(told=own(201), **at("/v1/holdings/{}/withdrawal", "unwanted_holding")),
    "authenticateHolding": Row(
        told={"registrar": 201},
        body=lambda _: AUTHENTICATION,
        **at("/v1/holdings/{}/authentications", "claimed_holding"),
    ),
    "rejectHolding": Row(
        told={"registrar": 201}, body=reason, **at("/v1/holdings/{}/rejections", "doubtful_holding")
    ),
    "withdrawAuthentication": Row(
        told={"registrar": 201},
        body=reason,
        **at("/v1/holdings/{}/authentication-withdrawals", "authenticated_holding"),
    ),
    "acceptCode": Row(told=own(200), **of_member("2", ACCEPTANCE)),
    "submitApplication": Row(told=own(201), **of_member("2", {"scopes": ["personal_guidance"]})),
    "listApplications": Row(told=all_of(ASSOCIATIONS | REGISTRAR, 200)),
    "getApplication": Row(told=own(200, registrar=200), **at("/v1/applications/{}", "application")),
    "withdrawApplication": Row(told=own(201), **at("/v1/applications/{}/withdrawal", "second_application")),
    "decideApplication": Row(
        told={"registrar": 201},
        body=lambda _: {"outcome": "admitted", "reasons": ["The evidence was seen."]},
        **at("/v1/applications/{}/decisions", "application"),
    ),
    "imposeSanction": Row(
        told={"registrar": 201},
        body=lambda w: {
            "number": w["number"],
            "kind": "suspension",
            "public_reason": "A finding of the panel.",
            "internal_reason": "Case 1.",
        },
    ),
    "listSanctions": Row(told={"registrar": 200}),
    "getSanction": Row(told={"registrar": 200}, **at("/v1/sanctions/{}", "sanction")),
    "liftSanction": Row(told={"registrar": 201}, body=reason, **at("/v1/sanctions/{}/lifting", "sanction")),
    "retire": Row(
        told=own(201, registrar=201),
        body=lambda w: {"number": w["leaver"], "retired_on": "2026-12-01"},
        missing_body=lambda _: {"number": "CR00000001", "retired_on": "2026-12-01"},
    ),
    "listPossibleDuplicates": Row(told={"registrar": 200}),
    "decidePossibleDuplicate": Row(
        told={"registrar": 201},
        body=lambda _: {"outcome": "different_people", "reason": "They met."},
        **at("/v1/possible-duplicates/{}/decisions", "duplicate"),
    ),
    "saveImportMapping": Row(
        told=all_of(ASSOCIATIONS, 200),
        place=lambda _: "/v1/import-mappings/usual",
        body=lambda _: MAPPING,
    ),
    "getImportMapping": Row(
        told=own(200),
        place=lambda _: "/v1/import-mappings/usual",
        missing="/v1/import-mappings/none",
    ),
    "listImportMappings": Row(told=all_of(ASSOCIATIONS, 200)),
    "submitImport": Row(told=all_of(ASSOCIATIONS, 202), body=lambda _: FILE, headers=CSV),
    "listImports": Row(told=all_of(ASSOCIATIONS, 200)),
    "getImport": Row(told=own(200), **at("/v1/imports/{}", "import_id")),
    "cancelImport": Row(told=own(200), **at("/v1/imports/{}/cancellation", "import_id")),
    "publishEntryPolicy": Row(told={"registrar": 422}, body=lambda _: {}),
}
