"""Practitioners as each audience may see them."""

from typing import Any

import pytest
from sqlalchemy import event

from services.register.domain.person import number_from
from tests.callers import association, registrar
from tests.register import make, make_licences
from tests.register.conftest import Register

PRIVATE = {
    "date_of_birth": "1971-07-17",
    "email": "canary@example.org",
    "telephone": "01632 960123",
    "previous_names": [{"given_names": "Sian", "family_name": "Canaryname"}],
}
CANARIES = ("1971-07-17", "canary@example.org", "01632 960123", "Canaryname", "scan 17", "City & Guilds")


async def _get(
    register: Register, number: str, headers: dict[str, str] | None = None, **query: str
) -> dict[str, Any]:
    answer = await register.http.get(f"/v1/practitioners/{number}", headers=headers or {}, params=query)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()["practitioner"]
    return shown


async def test_of_somebody_never_admitted_the_public_sees_the_verdict_alone(register: Register) -> None:
    number = await make.member(register, **PRIVATE)
    for headers in ({}, association("ACEG")):
        shown = await _get(register, number, headers)
        assert sorted(shown) == ["licence", "number", "view"]
        assert (shown["view"], shown["licence"]["verdict"]) == ("verdict", "not_licensed")


async def test_of_somebody_on_the_register_the_public_sees_name_and_work(register: Register) -> None:
    number = await make_licences.licensed(register, **PRIVATE, specialisms=["stem"])
    for headers in ({}, association("ACEG")):
        shown = await _get(register, number, headers)
        assert sorted(shown) == [
            "client_groups",
            "family_name",
            "given_names",
            "home_country",
            "languages",
            "licence",
            "number",
            "regions",
            "roles",
            "settings",
            "specialisms",
            "view",
        ]
        assert (shown["view"], shown["licence"]["verdict"]) == ("public", "licensed")
        assert not [canary for canary in CANARIES if canary in str(shown)]


async def test_the_licence_is_the_verdict_of_the_licence_look_up(register: Register) -> None:
    number = await make_licences.licensed(register)
    licence = (await register.http.get(f"/v1/licences/{number}")).json()
    shown = await _get(register, number)
    assert shown["licence"] == {key: licence[key] for key in shown["licence"]}


async def test_an_association_sees_its_own_member_and_only_what_it_told(register: Register) -> None:
    number = await make.member(register, **PRIVATE)
    await make.authenticated_holding(register)
    joined = {"family_name": make.family_name("ICG", "1"), "registration_number": number} | PRIVATE
    answer = await make.put_member(register, "ACEG", "9", level="affiliate", **joined)
    assert answer.status_code == 201, answer.text
    await make.holding(register, "ACEG", "9", title="Told by ACEG")
    shown = await _get(register, number, association())
    assert (shown["view"], shown["date_of_birth"]) == ("association", "1971-07-17")
    told = {"association": "ICG", "member_id": "1"} | {each: PRIVATE[each] for each in ("email", "telephone")}
    assert shown["contacts"] == [told]
    assert [each["association"] for each in shown["memberships"]] == ["ICG"]
    assert [each["association"] for each in shown["holdings"]] == ["ICG"]
    assert shown["member_ids"] == [{"association": "ICG", "member_id": "1"}]
    whole = await _get(register, number, registrar())
    assert whole["view"] == "registrar"
    assert {each["association"] for each in whole["memberships"]} == {"ICG", "ACEG"}
    assert [each["title"] for each in whole["holdings"]][1] == "Told by ACEG"


async def test_what_is_missing_never_tells_of_another_associations_holdings(register: Register) -> None:
    number = await make.member(register, **PRIVATE)
    joined = {"family_name": make.family_name("ICG", "1"), "registration_number": number} | PRIVATE
    await make.put_member(register, "ACEG", "9", **joined)
    await make.holding(register, "ACEG", "9", title="Told by ACEG")
    mine = await register.http.get(f"/v1/practitioners/{number}/deciding-level", headers=association())
    assert "Told by ACEG" not in mine.text
    theirs = await register.http.get(
        f"/v1/practitioners/{number}/deciding-level", headers=association("ACEG")
    )
    assert "Told by ACEG" in theirs.text


async def test_another_associations_deciding_level_looks_like_that_of_nobody(register: Register) -> None:
    number = await make.member(register)
    nobody = next(number_from(each) for each in range(99) if number_from(each) != number)
    answers = [
        await register.http.get(f"/v1/practitioners/{each}/deciding-level", headers=association("ACEG"))
        for each in (number, nobody)
    ]
    assert {each.status_code for each in answers} == {404}
    assert answers[0].json()["code"] == answers[1].json()["code"] == "never-issued"
    assert len(answers[0].content) == len(answers[1].content)
    unsigned = await register.http.get(f"/v1/practitioners/{number}/deciding-level")
    assert unsigned.status_code == 401


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [
        (number_from(0), 404, "never-issued"),
        ("CR1234567", 400, "malformed-number"),
        ("CR12345670", 400, "malformed-number"),
        ("%00", 422, "input-not-valid"),
        ("x" * 70, 422, "input-not-valid"),
    ],
)
async def test_a_number_that_is_nobodys_is_refused(
    register: Register, number: str, status: int, code: str
) -> None:
    answer = await register.http.get(f"/v1/practitioners/{number}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_record_is_that_of_the_day_and_of_what_was_known(register: Register) -> None:
    number = await make.member(register, level="associate")
    register.clock.now = register.clock.now.replace(hour=12)
    await make.member(register, membership={"valid_from": "2025-06-01"})
    await make.holding(register)

    async def levels(**query: str) -> list[str]:
        shown = await _get(register, number, registrar(), **query)
        return [each["level"] for each in shown["memberships"]]

    assert await levels() == ["associate", "professional"]
    assert await levels(valid_at="2024-01-01") == ["associate"]
    assert await levels(valid_at="2026-01-01") == ["professional"]
    assert await levels(valid_at="2026-01-01", known_at="2026-11-21T10:00:00Z") == ["associate"]
    early = await _get(register, number, registrar(), known_at="2026-11-21T10:00:00Z")
    assert early["holdings"] == []
    before = await register.http.get(f"/v1/practitioners/{number}?known_at=2026-11-20T10:00:00Z")
    assert (before.status_code, before.json()["code"]) == (404, "never-issued")


@pytest.mark.parametrize(
    "query", ["valid_at=31/12/2026", "valid_at=2026-02-30", "known_at=yesterday", "valid-at=2026-01-01"]
)
async def test_a_day_or_instant_that_cannot_be_read_is_refused(register: Register, query: str) -> None:
    number = await make.member(register)
    answer = await register.http.get(f"/v1/practitioners/{number}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "input-not-valid")


async def test_an_answer_that_the_caller_has_is_304_until_it_changes(register: Register) -> None:
    number = await make_licences.licensed(register)
    tag = (await register.http.get(f"/v1/practitioners/{number}")).headers["etag"]
    register.clock.now = register.clock.now.replace(hour=12)
    await make.member(register, member_id="7")
    known = {"If-None-Match": tag}
    assert (await register.http.get(f"/v1/practitioners/{number}", headers=known)).status_code == 304
    await make_licences.impose(register, number)
    assert (await register.http.get(f"/v1/practitioners/{number}", headers=known)).status_code == 200


async def test_a_merged_number_leads_to_the_kept_one(register: Register) -> None:
    same = {"given_names": "Siân", "family_name": "Twice"}
    kept = await make.member(register, **same)
    gone = await make.member(register, "ACEG", "9", **same)
    rows = await register.db.fetch("SELECT id FROM possible_duplicates")
    decided = await register.http.post(
        f"/v1/possible-duplicates/{rows[0]['id']}/decisions",
        json={"outcome": "same_person", "kept_number": kept, "reason": "One and the same."},
        headers=registrar("registrar-nine"),
    )
    assert decided.status_code == 201, decided.text
    answer = await register.http.get(f"/v1/practitioners/{gone}")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/v1/practitioners/{kept}")
    assert answer.json()["practitioner"]["licence"]["verdict"] == "merged"
    member = await register.http.get("/v1/members/by-external-id/ACEG/9", headers=association("ACEG"))
    assert member.json()["registration_number"] == kept
    whole = await _get(register, kept, registrar())
    assert {each["association"] for each in whole["memberships"]} == {"ICG", "ACEG"}
    changed = await make.put_member(register, "ACEG", "9", **same, email="new@example.org")
    assert (changed.status_code, changed.json()["registration_number"]) == (200, kept)


async def test_a_batch_answers_each_number_in_order(register: Register) -> None:
    licensed = await make_licences.licensed(register)
    member = await make.member(register, member_id="2")
    nobody = next(number_from(each) for each in range(99) if number_from(each) not in (licensed, member))
    asked = [member, "rubbish", licensed.lower(), nobody, licensed]
    answer = await register.http.post("/v1/practitioners/batch", json={"numbers": asked})
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert [each["licence"]["verdict"] for each in items] == [
        "not_licensed",
        "malformed",
        "licensed",
        "never_issued",
        "licensed",
    ]
    assert [each["number"] for each in items] == [member, None, licensed, nobody, licensed]
    assert [each["view"] for each in items] == ["verdict", "verdict", "public", "verdict", "public"]


@pytest.mark.parametrize("numbers", [[], ["CR12345672"] * 1001, "CR12345672", [1], ["x" * 65], ["\x00"]])
async def test_a_batch_of_the_wrong_size_or_shape_is_refused(register: Register, numbers: Any) -> None:
    answer = await register.http.post("/v1/practitioners/batch", json={"numbers": numbers})
    assert (answer.status_code, answer.json()["code"]) == (422, "input-not-valid")


async def test_a_batch_takes_the_same_few_queries_however_wide_it_is(register: Register) -> None:
    numbers = [await make.member(register, member_id=str(each)) for each in range(12)]

    async def statements(asked: list[str]) -> int:
        seen: list[str] = []
        engine = register.db.engine.sync_engine

        def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            await register.http.post("/v1/practitioners/batch", json={"numbers": asked})
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    assert await statements(numbers) == await statements(numbers[:1])
