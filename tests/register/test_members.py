"""Members told by their associations over HTTP, read back by them alone."""

import asyncio

import pytest

from services.register.domain.person import parse_number
from tests.callers import association, bearer, registrar
from tests.register import make
from tests.register.conftest import Register

PATH = "/v1/members/by-external-id/ICG/1"


async def test_a_new_member_gets_a_number_an_etag_and_two_journal_lines(register: Register) -> None:
    answer = await make.put_member(register, specialisms=["LLD", "stem"], home_country="Wales")
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == PATH
    body = answer.json()
    number = body["registration_number"]
    assert parse_number(number) == number
    assert (body["specialisms"], body["home_country"]) == (["ldd", "stem"], "wales")
    assert await make.journal(register) == [("member.recorded", number), ("membership.recorded", number)]
    assert "Siân" not in str(await make.facts(register, "member.recorded"))
    read = await register.http.get(PATH, headers=association())
    assert (read.json(), read.headers["etag"]) == (body, answer.headers["etag"])


async def test_the_same_again_writes_nothing_at_all(register: Register) -> None:
    body = {"previous_names": [{"family_name": "Formerly"}], "roles": ["careers_leader", "careers_adviser"]}
    first = await make.put_member(register, **body)
    lines = await make.journal(register)
    register.clock.now = register.clock.now.replace(hour=12)
    again = await make.put_member(register, **body)
    assert again.status_code == 200
    assert again.headers["etag"] == first.headers["etag"]
    assert again.json() == first.json()
    assert await make.journal(register) == lines
    assert await _count(register, "memberships") == 1
    assert await _count(register, "previous_names") == 1


async def test_a_changed_name_keeps_the_old_one(register: Register) -> None:
    first = await make.put_member(register)
    answer = await make.put_member(register, family_name="Married")
    assert answer.status_code == 200
    assert answer.json()["previous_names"] == [{"given_names": "Siân", "family_name": "Example"}]
    assert answer.headers["etag"] != first.headers["etag"]
    assert await make.facts(register, "member.changed") == [
        {"association": "ICG", "changed": ["family_name"]}
    ]


async def test_a_name_taken_back_is_not_a_previous_one(register: Register) -> None:
    for family_name in ("Example", "Married", "Example"):
        answer = await make.put_member(register, family_name=family_name)
    assert answer.json()["previous_names"] == [{"given_names": "Siân", "family_name": "Married"}]


async def test_a_member_who_gets_a_new_id_keeps_number_and_membership(register: Register) -> None:
    number = (await make.put_member(register)).json()["registration_number"]
    answer = await make.put_member(register, member_id="2", registration_number=number)
    assert (answer.status_code, answer.json()["registration_number"]) == (201, number)
    assert len(answer.json()["memberships"]) == 1
    assert (await make.events(register))[2:] == ["member.recorded"]


async def test_a_new_level_ends_the_old_one_the_day_before(register: Register) -> None:
    await make.put_member(register, level="associate")
    answer = await make.put_member(register, membership={"valid_from": "2025-06-01"})
    told = answer.json()["memberships"]
    assert [(each["level"], each["valid_from"], each["valid_to"]) for each in told] == [
        ("associate", "2020-01-01", "2025-05-31"),
        ("professional", "2025-06-01", None),
    ]
    assert answer.json()["membership"]["level"] == "professional"
    assert (await make.events(register))[2:] == ["membership.ended", "membership.recorded"]


async def test_an_end_is_a_correction_of_the_same_fact(register: Register) -> None:
    first = (await make.put_member(register)).json()["memberships"][0]["id"]
    answer = await make.put_member(register, membership={"valid_to": "2026-12-31"})
    (told,) = answer.json()["memberships"]
    assert (told["id"], told["valid_to"]) == (first, "2026-12-31")
    assert await _count(register, "memberships") == 2


async def test_what_was_told_wrongly_is_corrected_by_its_id(register: Register) -> None:
    first = (await make.put_member(register)).json()["memberships"][0]["id"]
    answer = await make.put_member(register, membership={"valid_from": "2021-03-01", "corrects": first})
    (told,) = answer.json()["memberships"]
    assert (told["id"], told["valid_from"]) == (first, "2021-03-01")


async def test_correcting_a_membership_of_somebody_else_is_refused(register: Register) -> None:
    await make.member(register, member_id="2")
    foreign = (await register.http.get(PATH[:-1] + "2", headers=association())).json()["memberships"][0]["id"]
    await make.put_member(register)
    before = await make.journal(register)
    answer = await make.put_member(register, membership={"corrects": foreign})
    assert (answer.status_code, answer.json()["code"]) == (422, "no-such-membership")
    assert await make.journal(register) == before


async def test_an_old_file_told_again_cannot_swallow_later_memberships(register: Register) -> None:
    await make.put_member(register, level="associate")
    await make.put_member(register, membership={"valid_from": "2025-06-01"})
    answer = await make.put_member(register, level="associate")
    assert (answer.status_code, answer.json()["code"]) == (409, "membership-days-overlap")


async def test_a_level_that_is_not_borne_out_is_recorded_and_said(register: Register) -> None:
    body = (await make.put_member(register)).json()
    assert body["level_supported"] is False
    assert [each["code"] for each in body["level_missing"]] == ["no-qualification"]
    affiliate = (await make.put_member(register, member_id="2", level="affiliate")).json()
    assert (affiliate["level_supported"], affiliate["level_missing"]) == (True, [])


async def test_preconditions_that_fail_refuse_with_412_and_change_nothing(register: Register) -> None:
    first = await make.put_member(register)
    headers = association()
    before = await make.journal(register)
    stale = await make.put_member(register, family_name="Other", headers=headers | {"If-Match": '"old"'})
    only_new = await make.put_member(register, family_name="Other", headers=headers | {"If-None-Match": "*"})
    missing = await make.put_member(register, member_id="9", headers=headers | {"If-Match": '"old"'})
    assert [each.status_code for each in (stale, only_new, missing)] == [412, 412, 412]
    assert await make.journal(register) == before
    fresh = await make.put_member(
        register, family_name="Other", headers=headers | {"If-Match": first.headers["etag"]}
    )
    assert fresh.status_code == 200


async def test_a_member_that_is_known_to_the_caller_is_answered_with_304(register: Register) -> None:
    tag = (await make.put_member(register)).headers["etag"]
    answer = await register.http.get(PATH, headers=association() | {"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


async def test_a_foreign_member_looks_exactly_like_a_missing_one(register: Register) -> None:
    await make.member(register)
    other = association("ACEG")
    answers = [
        await register.http.get(PATH, headers=other),
        await register.http.get(PATH[:-1] + "7", headers=other),
        await register.http.get(PATH.replace("ICG", "ACEG"), headers=other),
        await make.put_member(register, headers=other),
        await make.put_member(register, member_id="7", headers=other),
    ]
    assert {each.status_code for each in answers} == {404}
    shown = [{key: value for key, value in each.json().items() if key != "instance"} for each in answers]
    assert all(each == shown[0] for each in shown)
    assert len({len(each.content) for each in answers}) == 1


async def test_who_may_not_write_members_is_told_so(register: Register) -> None:
    nobody = await register.http.put(PATH, json=make.member_body())
    wrong = await make.put_member(register, headers=registrar())
    homeless = await make.put_member(register, headers=bearer("members:write"))
    stranger = await make.put_member(
        register, association="XYZ", headers=bearer("members:write", association="XYZ")
    )
    found = [(each.status_code, each.json()["code"]) for each in (nobody, wrong, homeless, stranger)]
    assert found == [
        (401, "unauthenticated"),
        (403, "scope-missing"),
        (403, "association-missing"),
        (403, "association-not-known"),
    ]
    assert await make.journal(register) == []


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"home_country": "Atlantis"}, "codes-not-known", "/home_country"),
        ({"regions": ["A", "Narnia"]}, "codes-not-known", "/regions/1"),
        ({"specialisms": ["alchemy"]}, "codes-not-known", "/specialisms/0"),
        ({"roles": ["wizard"]}, "codes-not-known", "/roles/0"),
        ({"settings": ["moon"]}, "codes-not-known", "/settings/0"),
        (
            {"level": "affiliate", "membership": {"category": "fellow"}},
            "codes-not-known",
            "/membership/category",
        ),
        ({"membership": {"category": "student"}}, "student-must-be-affiliate", None),
        ({"membership": {"valid_to": "2019-12-31"}}, "membership-ends-before-it-begins", None),
        ({"date_of_birth": "2026-11-22"}, "birth-not-plausible", None),
        ({"date_of_birth": "1899-12-31"}, "birth-not-plausible", None),
        ({"date_of_birth": "1981-02-29"}, "input-not-valid", "/date_of_birth"),
        ({"date_of_birth": 315532800}, "input-not-valid", "/date_of_birth"),
        ({"membership": {"valid_to": "9999-12-31"}}, "input-not-valid", "/membership/valid_to"),
        ({"membership": {"corrects": 2**63}}, "input-not-valid", "/membership/corrects"),
        ({"membership": {"corrects": True}}, "input-not-valid", "/membership/corrects"),
        ({"membership": {"level": "grand master"}}, "input-not-valid", "/membership/level"),
        ({"family_name": ""}, "name-not-usable", None),
        ({"family_name": "x" * 201}, "name-not-usable", None),
        ({"family_name": "x" * 5000}, "input-not-valid", "/family_name"),
        ({"family_name": "Nul\x00"}, "input-not-valid", "/family_name"),
        ({"email": "nobody"}, "input-not-valid", "/email"),
        ({"email": "a@b\x00"}, "input-not-valid", "/email"),
        ({"telephone": "call me"}, "input-not-valid", "/telephone"),
        ({"regions": ["A"] * 51}, "input-not-valid", "/regions"),
        ({"nickname": "x"}, "input-not-valid", "/nickname"),
        ({"registration_number": "CR1234567"}, "malformed-number", None),
    ],
)
async def test_what_is_wrong_is_refused_with_its_field(
    register: Register, changes: dict[str, object], code: str, pointer: str | None
) -> None:
    answer = await make.put_member(register, **changes)  # type: ignore[arg-type]
    assert answer.status_code in {400, 409, 422}, answer.text
    assert answer.json()["code"] == code, answer.text
    assert [each["pointer"] for each in answer.json().get("errors", [])] == ([pointer] if pointer else [])
    assert await make.journal(register) == []
    assert await _count(register, "people") == 0


async def test_an_error_lists_what_is_allowed(register: Register) -> None:
    answer = await make.put_member(register, specialisms=["alchemy"])
    assert answer.json()["errors"][0]["detail"] == "This is not one of: he, ict, ldd, lmi, stem."


@pytest.mark.parametrize(
    "body",
    [
        b'{"family_name": "\\ud800", "membership": {"level": "affiliate", "valid_from": "2020-01-01"}}',
        b'{"family_name": "\\u0000", "membership": {"level": "affiliate", "valid_from": "2020-01-01"}}',
        b'{"family_name": "\xff", "membership": {"level": "affiliate", "valid_from": "2020-01-01"}}',
        b'{"family_name": NaN}',
        b"[]",
        b"",
        b"{" * 5000,
    ],
)
async def test_a_broken_body_is_refused(register: Register, body: bytes) -> None:
    headers = association() | {"Content-Type": "application/json"}
    answer = await register.http.put(PATH, content=body, headers=headers)
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert await _count(register, "people") == 0


@pytest.mark.parametrize("member_id", ["%00", "%0A", "x" * 65, "%20", "%ED%A0%80", "%FF", "%20a"])
async def test_a_member_id_that_cannot_be_kept_is_refused(register: Register, member_id: str) -> None:
    answer = await make.put_member(register, member_id=member_id)
    assert (answer.status_code, answer.json()["code"]) == (422, "input-not-valid")


async def test_twenty_requests_for_one_new_member_make_one_person(register: Register) -> None:
    answers = await asyncio.gather(*(make.put_member(register, date_of_birth=None) for _ in range(20)))
    assert sorted(each.status_code for each in answers) == [200] * 19 + [201]
    assert len({each.json()["registration_number"] for each in answers}) == 1
    assert await _count(register, "people") == 1
    assert await make.events(register) == ["member.recorded", "membership.recorded"]


async def test_lists_page_through_ones_own_members_only(register: Register) -> None:
    for member_id in ("1", "2", "3"):
        await make.member(register, member_id=member_id)
    await make.member(register, "ACEG", "9")
    first = await register.http.get("/v1/members?limit=2", headers=association())
    assert [each["member_id"] for each in first.json()["items"]] == ["1", "2"]
    assert 'rel="next"' in first.headers["link"]
    rest = await register.http.get(
        "/v1/members", params={"limit": 2, "after": first.json()["next"]}, headers=association()
    )
    assert ([each["member_id"] for each in rest.json()["items"]], rest.json()["next"]) == (["3"], None)
    refused = await register.http.get("/v1/members?after=nonsense", headers=association())
    assert (refused.status_code, refused.json()["code"]) == (400, "cursor-not-readable")


async def _count(register: Register, table: str) -> int:
    rows = await register.db.fetch(f"SELECT count(*) AS n FROM {table}")
    return int(rows[0]["n"])


async def test_a_member_id_may_have_a_slash_in_it(register: Register) -> None:
    made = await make.put_member(register, member_id="2024%2F17")
    assert (made.status_code, made.json()["member_id"]) == (201, "2024/17")
    read = await register.http.get(made.headers["location"], headers=association())
    assert (read.status_code, read.json()) == (200, made.json())
