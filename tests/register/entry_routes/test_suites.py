"""Standards suites and competence policies: published by registrars, read by anyone, never changed."""

from typing import Any

from tests.callers import association, registrar
from tests.register import make as register_make
from tests.register.conftest import Register
from tests.register.entry_routes.test_competence_route import POLICY, SUITE


async def test_anyone_reads_suites_and_is_told_what_is_not_known_of_them(register: Register) -> None:
    listed = (await register.http.get("/v1/standards-suites?limit=200")).json()["items"]
    suites = {each["code"]: each for each in listed}
    assert suites["lluk-crd-2011"]["approved"] == "March 2011"
    assert "could not be read" in suites["lluk-crd-2011"]["incomplete_because"]
    one = await register.http.get("/v1/standards-suites/lluk-crd-2011")
    assert one.json() == suites["lluk-crd-2011"]
    same = await register.http.get(
        "/v1/standards-suites/lluk-crd-2011", headers={"If-None-Match": one.headers["etag"]}
    )
    assert same.status_code == 304
    first = (await register.http.get("/v1/standards-suites?limit=1")).json()
    rest = (await register.http.get(f"/v1/standards-suites?after={first['next']}")).json()
    assert first["items"] + rest["items"] == listed
    policy = await register.http.get("/v1/competence-policies/competence-level-4")
    assert "no source states it" in policy.json()["source"]["note"]
    assert (await register.http.get("/v1/competence-policies")).json()["items"] == [policy.json()]
    for path in ("standards-suites/none", "competence-policies/none"):
        assert (await register.http.get(f"/v1/{path}")).status_code == 404


async def test_a_published_suite_or_policy_never_changes(register: Register) -> None:
    mapped = SUITE["standards"] + [
        {
            "code": "G3",
            "title": "Reflect",
            "related": [{"suite": "career-development-2014", "standard": "NOS02"}],
        }
    ]  # type: ignore[operator]
    first = await register.http.post(
        "/v1/standards-suites", json=SUITE | {"standards": mapped}, headers=registrar()
    )
    assert (first.status_code, first.headers["location"]) == (201, "/v1/standards-suites/guidance-2026")
    assert (await register.http.get(first.headers["location"])).json() == first.json()
    policy = await register.http.post("/v1/competence-policies", json=POLICY, headers=registrar())
    assert (policy.status_code, policy.json()["required"]) == (201, ["G1", "G2"])
    assert (await register_make.journal(register))[-2:] == [
        ("standards-suite.published", "standards-suite:guidance-2026"),
        ("policy.published", "competence-policy:competence-guidance"),
    ]
    for path, body, code in (
        ("standards-suites", SUITE, "suite-already-published"),
        ("standards-suites", SUITE | {"code": "another"}, "suite-already-published"),
        ("competence-policies", POLICY | {"credits": 90}, "competence-policy-already-published"),
    ):
        again = await register.http.post(f"/v1/{path}", json=body, headers=registrar())
        assert (again.status_code, again.json()["code"]) == (409, code)


NOT_PUBLISHED: list[tuple[str, dict[str, Any], int, str]] = [
    ("standards-suites", {"standards": []}, 422, "input-not-valid"),
    ("standards-suites", {"code": "a/b"}, 422, "input-not-valid"),
    ("standards-suites", {"name": "\x00"}, 422, "input-not-valid"),
    ("standards-suites", {"standards": [{"code": "a"}]}, 422, "standard-title-missing"),
    ("standards-suites", {"standards": [{"code": "a", "title": "A"}] * 2}, 422, "standard-named-twice"),
    ("standards-suites",
     {"standards": [{"code": "a", "title": "A", "related": [{"suite": "x", "standard": "y"}]}]},
     422, "related-standard-unknown"),
    ("competence-policies", {"suite": "none"}, 404, "no-such-suite"),
    ("competence-policies", {"effective_from": "2026-11-21"}, 422, "competence-policy-starts-too-early"),
    ("competence-policies", {"effective_from": "2026-02-30"}, 422, "input-not-valid"),
    ("competence-policies", {"suite": "lluk-crd-2011"}, 422, "competence-policy-not-understood"),
    ("competence-policies", {"credits": 10**12}, 422, "input-not-valid"),

]  # fmt: skip


async def test_what_cannot_be_published_is_refused_and_changes_nothing(register: Register) -> None:
    before = await register_make.events(register)
    for path, changes, status, code in NOT_PUBLISHED:
        body = (SUITE if path == "standards-suites" else POLICY) | changes
        answer = await register.http.post(f"/v1/{path}", json=body, headers=registrar())
        assert (answer.status_code, answer.json()["code"]) == (status, code), (path, changes)
    refused = await register.http.post("/v1/standards-suites", json=SUITE, headers=association())
    assert (refused.status_code, refused.json()["code"]) == (403, "scope-missing")
    assert await register_make.events(register) == before
