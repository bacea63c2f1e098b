"""Compliance over HTTP, of one and of many, and the rules that it is judged by."""

from tests.kitemark.conftest import Kitemark
from tests.kitemark.providers.make_providers import (
    OTHER,
    OTHER_BODY,
    PANEL,
    UKPRN,
    accredit,
    answer,
    events,
    provider,
)

RULE = {
    "rule": "private-and-traders",
    "version": "private-and-traders-2027",
    "title": "Private firms and traders are accredited",
    "standard": "matrix",
    "severity": "required",
    "binding": "position_of_the_profession",
    "applies_when": [[{"claim": "sector:private", "is": True}]],
    "asks_of": "Private firms.",
    "effective_from": "2026-11-22",
    "source": "a decision of the panel",
}
STANDARD = {
    "code": "another-standard",
    "title": "Another standard",
    "kept_by": ["other-body"],
    "editions": [{"code": "another-1", "title": "First edition"}],
    "source": "a decision of the panel",
}
CIRCUMSTANCE = {"code": "another_member", "title": "Member of another association", "source": "its rules"}


async def test_every_rule_is_answered_with_its_version_source_and_whose_word_it_is(
    kitemark: Kitemark,
) -> None:
    await provider(kitemark)
    await accredit(kitemark)
    read = (await kitemark.http.get(f"/v1/providers/{UKPRN}/compliance")).json()
    by_rule = {each["rule"]: each for each in read["findings"]}
    funded = by_rule["publicly-funded"]
    assert (funded["applies"], funded["held"], funded["answer"]) == (True, True, "compliant")
    assert (funded["binding"], funded["source"]) == ("position_of_the_profession", "S4")
    assert (by_rule["agcas-membership"]["applies"], by_rule["agcas-membership"]["binding"]) == (
        None,
        "association",
    )
    assert [each["accreditation_id"] for each in read["accreditations"]] == ["M-1"]
    assert (read["valid_at"], read["known_at"][:10]) == ("2026-11-21", "2026-11-21")


async def test_many_are_answered_in_the_order_asked_and_nobody_is_guessed_at(kitemark: Kitemark) -> None:
    await provider(kitemark)
    await accredit(kitemark)
    await provider(kitemark, OTHER)
    body = {"ukprns": [OTHER, "99990199", "x", UKPRN, UKPRN]}
    found = (await kitemark.http.post("/v1/providers/compliance", json=body)).json()["items"]
    assert [(each["ukprn"], each["answer"], each["reasons"][0]["code"]) for each in found] == [
        (OTHER, "not_compliant", "required-and-missing"),
        ("99990199", "unknown", "provider-not-known"),
        ("x", "unknown", "ukprn-malformed"),
        (UKPRN, "compliant", "held"),
        (UKPRN, "compliant", "held"),
    ]
    future = {"ukprns": [UKPRN], "valid_at": "2028-01-01", "known_at": "2030-01-01T00:00:00Z"}
    told = (await kitemark.http.post("/v1/providers/compliance", json=future)).json()["items"][0]
    assert (told["answer"], told["known_at"][:4], len(told["notes"])) == ("not_compliant", "2026", 2)
    thousand = await kitemark.http.post("/v1/providers/compliance", json={"ukprns": [UKPRN] * 1001})
    none = await kitemark.http.post("/v1/providers/compliance", json={"ukprns": []})
    early = {"ukprns": [UKPRN], "known_at": "0001-01-01T00:00:00+14:00"}
    before = await kitemark.http.post("/v1/providers/compliance", json=early)
    assert [each.status_code for each in (thousand, none, before)] == [422, 422, 422]


async def test_a_rule_is_published_for_a_later_day_and_never_changes(kitemark: Kitemark) -> None:
    await provider(kitemark, publicly_funded=False, circumstances=[
        {"code": code, "holds": False}
        for code in ("national_careers_service", "adult_education_budget_college", "traineeships",
                     "commissioned_by_schools", "agcas_member")
    ])  # fmt: skip
    path = "/v1/requirement-rules"
    answers = [
        await kitemark.http.post(path, json=RULE | {"effective_from": "2026-11-21"}, headers=PANEL),
        await kitemark.http.post(path, json=RULE | {"standard": "none"}, headers=PANEL),
        await kitemark.http.post(
            path, json=RULE | {"applies_when": [[{"claim": "size", "is": True}]]}, headers=PANEL
        ),
        await kitemark.http.post(path, json=RULE, headers=PANEL),
        await kitemark.http.post(path, json=RULE | {"title": "X"}, headers=PANEL),
    ]
    assert [(each.status_code, each.json().get("code")) for each in answers] == [
        (422, "requirement-rule-starts-too-early"),
        (422, "standard-not-known"),
        (422, "rule-not-understood"),
        (201, RULE["version"]),
        (409, "requirement-rule-version-taken"),
    ]
    assert await answer(kitemark) == ("recommended_and_missing", ["recommended-and-missing"])
    assert await answer(kitemark, valid_at="2026-11-22") == ("not_compliant", ["required-and-missing"])
    assert (await events(kitemark))[-1] == (
        "requirement-rule.published",
        f"requirement-rule:{RULE['version']}",
    )
    listed = (await kitemark.http.get(path)).json()["items"]
    assert listed[-1]["code"] == RULE["version"]


async def test_the_standards_are_listed_with_what_is_not_known_of_them(kitemark: Kitemark) -> None:
    listed = (await kitemark.http.get("/v1/provider-standards")).json()["items"]
    matrix = next(each for each in listed if each["code"] == "matrix")
    assert (matrix["period"], matrix["owner"]) == (None, "Department for Education")
    newest = matrix["editions"][-1]
    assert (newest["complete"], len(newest["elements"])) == (False, 4)
    assert [c["joins"] for c in newest["elements"][1]["criteria"]][-2:] == ["register", "cpd"]
    codes = [each["code"] for each in (await kitemark.http.get("/v1/provider-circumstances")).json()["items"]]
    assert "agcas_member" in codes


async def test_another_association_asks_another_standard_without_a_release(kitemark: Kitemark) -> None:
    answers = [
        await kitemark.http.post(f"/v1/{path}", json=body, headers=PANEL)
        for path, body in (
            ("provider-standards", STANDARD),
            ("provider-standards", STANDARD),
            ("provider-circumstances", CIRCUMSTANCE),
            (
                "requirement-rules",
                RULE
                | {
                    "rule": "another-association",
                    "version": "another-1",
                    "standard": STANDARD["code"],
                    "binding": "association",
                    "applies_when": [[{"claim": CIRCUMSTANCE["code"], "is": True}]],
                },
            ),
        )
    ]
    assert [each.status_code for each in answers] == [201, 409, 201, 201]
    assert answers[1].json()["code"] == "provider-code-taken"
    await provider(kitemark, circumstances=[{"code": "another_member", "holds": True}])
    await accredit(kitemark)
    assert await answer(kitemark, valid_at="2026-11-22") == ("not_compliant", ["required-and-missing"])
    told = await accredit(
        kitemark,
        "O-1",
        keeper="other-body",
        headers=OTHER_BODY,
        standard="another-standard",
        edition="another-1",
    )
    assert told.status_code == 201
    assert await answer(kitemark, valid_at="2026-11-22") == ("compliant", ["held"])
