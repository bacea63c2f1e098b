"""Holdings declared by associations and decided by registrars."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.callers import association, bearer, registrar
from tests.register import make
from tests.register.conftest import Register

AUTHENTICATION = {
    "method": "original_certificate",
    "evidence_reference": "scan 17",
    "reason": "The certificate was seen.",
}
REASON = {"reason": "The certificate was made up."}


async def _post(
    register: Register, path: str, body: dict[str, Any], headers: dict[str, str]
) -> httpx.Response:
    return await register.http.post(f"/v1/holdings{path}", json=body, headers=headers)


async def test_a_declared_qualification_is_a_claim_and_counts_for_nothing(register: Register) -> None:
    number = await make.member(register)
    body = {"member_id": "1", **make.LISTED, "awarded_on": "2015-07-01"}
    answer = await _post(register, "", body, association())
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert answer.headers["location"] == f"/v1/holdings/{shown['id']}"
    assert (shown["status"], shown["registration_number"], shown["relevant"]) == ("claimed", number, False)
    assert (await make.journal(register))[-1] == ("holding.declared", number)
    level = await register.http.get(f"/v1/practitioners/{number}/deciding-level", headers=association())
    assert level.json()["level"] == "affiliate"
    assert "not-authenticated" in {each["code"] for each in level.json()["missing_for_next"]}


async def test_a_listed_qualification_brings_what_the_list_says(register: Register) -> None:
    await make.member(register)
    body = {"member_id": "1", "qualification": "level-4-diploma", "awarded_on": "2015-07-01"}
    shown = (await _post(register, "", body, association())).json()
    assert (shown["framework"], shown["level"], shown["credits"]) == ("QCF", "4", 45)
    recognised = {"qualification": "qcd", "framework": "FHEQ", "level": "7", "credits": 60}
    shown = (
        await _post(register, "", {"member_id": "1", "awarded_on": "2015-07-01"} | recognised, association())
    ).json()
    assert (shown["relevant"], shown["framework"], shown["level"]) == (True, "FHEQ", "7")


@pytest.mark.parametrize(
    ("changes", "status", "code", "pointers"),
    [
        ({"framework": "QCF", "level": None}, 422, "qualification-not-described", ["/level"]),
        ({"framework": None}, 422, "qualification-not-described", ["/framework"]),
        ({"level": "99"}, 422, "qualification-not-described", ["/level"]),
        ({"framework": "XYZ"}, 422, "qualification-not-described", ["/framework"]),
        ({"title": None}, 422, "qualification-not-described", ["/title"]),
        ({"qualification": "phd"}, 422, "qualification-not-described", ["/qualification"]),
        (
            {"qualification": "level-4-diploma", "title": None, "credits": None},
            422,
            "qualification-not-described",
            ["/level"],
        ),
        ({"expected_on": "2027-01-01"}, 422, "qualification-not-described", ["/expected_on"]),
        ({"awarded_on": None}, 422, "award-date-missing", []),
        ({"awarded_on": "2026-11-22"}, 422, "award-date-in-the-future", []),
        ({"level": 6}, 422, "input-not-valid", ["/level"]),
        ({"credits": "60"}, 422, "input-not-valid", ["/credits"]),
        ({"credits": 0}, 422, "input-not-valid", ["/credits"]),
        ({"credits": 2**40}, 422, "input-not-valid", ["/credits"]),
        ({"subject": "astrology"}, 422, "input-not-valid", ["/subject"]),
        ({"title": "Nul\x00"}, 422, "input-not-valid", ["/title"]),
        ({"status": "authenticated"}, 422, "input-not-valid", ["/status"]),
        ({"member_id": "7"}, 404, "no-such-member", []),
    ],
)
async def test_what_is_wrong_in_a_declaration_is_refused_with_its_field(
    register: Register, changes: dict[str, Any], status: int, code: str, pointers: list[str]
) -> None:
    await make.member(register)
    before = await make.journal(register)
    body = {"member_id": "1", **make.LISTED, "awarded_on": "2015-07-01"} | changes
    sent = {name: value for name, value in body.items() if value is not None}
    answer = await _post(register, "", sent, association())
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert [each["pointer"] for each in answer.json().get("errors", [])] == pointers
    assert await make.journal(register) == before


async def test_what_is_worked_towards_becomes_a_claim_when_it_is_awarded(register: Register) -> None:
    await make.member(register)
    holding = await make.holding(register, awarded_on=None, expected_on="2027-07-01")
    early = await _post(register, f"/{holding}/authentications", AUTHENTICATION, registrar())
    assert (early.status_code, early.json()["code"]) == (409, "not-yet-awarded")
    done = await _post(register, f"/{holding}/completion", {"awarded_on": "2026-11-01"}, association())
    assert (done.status_code, done.json()["status"]) == (201, "claimed")
    assert (done.json()["awarded_on"], done.json()["expected_on"]) == ("2026-11-01", None)
    twice = await _post(register, f"/{holding}/completion", {"awarded_on": "2026-11-01"}, association())
    assert (twice.status_code, twice.json()["code"]) == (409, "already-awarded")
    assert (await make.events(register))[-2:] == ["holding.declared", "holding.completed"]


async def test_an_authenticated_holding_opens_its_level(register: Register) -> None:
    number = await make.member(register)
    holding = await make.authenticated_holding(register)
    shown = (await register.http.get(f"/v1/holdings/{holding}", headers=registrar())).json()
    assert (shown["status"], shown["decided_by"], shown["method"], shown["evidence_reference"]) == (
        "authenticated",
        "registrar-one",
        "original_certificate",
        "scan 17",
    )
    level = await register.http.get(f"/v1/practitioners/{number}/deciding-level", headers=registrar())
    assert (level.json()["level"], level.json()["holding_id"]) == ("professional", holding)
    member = await register.http.get("/v1/members/by-external-id/ICG/1", headers=association())
    assert member.json()["level_supported"] is True
    assert (await make.journal(register))[-1] == ("holding.authenticated", number)


async def test_nobody_decides_what_they_submitted(register: Register) -> None:
    await make.member(register)
    both = bearer("members:write", "register:decide", subject="two-hats", association="ICG")
    body = {"member_id": "1", **make.LISTED, "awarded_on": "2015-07-01"}
    holding = (await _post(register, "", body, both)).json()["id"]
    before = await make.journal(register)
    for path, sent in (("authentications", AUTHENTICATION), ("rejections", REASON)):
        answer = await _post(register, f"/{holding}/{path}", sent, both)
        assert (answer.status_code, answer.json()["code"]) == (403, "submitter-may-not-decide")
    assert await make.journal(register) == before


async def test_a_registrar_who_also_speaks_for_an_association_decides_for_all(register: Register) -> None:
    await make.member(register, "ACEG", "5")
    holding = await make.holding(register, "ACEG", "5")
    both = bearer("members:write", "register:decide", subject="two-hats", association="ICG")
    answer = await _post(register, f"/{holding}/authentications", AUTHENTICATION, both)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("kinds", [("authentications", "authentications"), ("authentications", "rejections")])
async def test_of_two_registrars_at_once_one_wins(register: Register, kinds: tuple[str, str]) -> None:
    await make.member(register)
    holding = await make.holding(register)
    bodies = {"authentications": AUTHENTICATION, "rejections": REASON}
    answers = await asyncio.gather(
        *(
            _post(register, f"/{holding}/{kind}", bodies[kind], registrar(f"registrar-{place}"))
            for place in range(4)
            for kind in kinds
        )
    )
    assert sorted(each.status_code for each in answers) == [201] + [409] * 7
    assert {each.json()["code"] for each in answers if each.status_code == 409} == {"holding-already-decided"}
    assert len([each for each in await make.events(register) if each.startswith("holding.")]) == 2


async def test_a_rejected_holding_stays_rejected(register: Register) -> None:
    await make.member(register)
    holding = await make.holding(register)
    rejected = await _post(register, f"/{holding}/rejections", REASON, registrar())
    assert (rejected.status_code, rejected.json()["status"]) == (201, "rejected")
    for path, sent, headers in (
        ("authentications", AUTHENTICATION, registrar()),
        ("authentication-withdrawals", REASON, registrar()),
        ("withdrawal", {}, association()),
    ):
        answer = await _post(register, f"/{holding}/{path}", sent, headers)
        assert answer.status_code == 409, answer.text
    assert (await make.events(register))[-1] == "holding.rejected"


async def test_a_claim_may_be_taken_back_before_it_is_decided(register: Register) -> None:
    await make.member(register)
    holding = await make.holding(register)
    answer = await _post(register, f"/{holding}/withdrawal", {}, association())
    assert (answer.status_code, answer.json()["status"]) == (201, "withdrawn")
    assert (await make.events(register))[-1] == "holding.withdrawn"


async def test_a_foreign_holding_looks_exactly_like_a_missing_one(register: Register) -> None:
    await make.member(register)
    holding = await make.holding(register)
    other = association("ACEG")
    answers = []
    for place in (holding, 999_999):
        answers.append(await register.http.get(f"/v1/holdings/{place}", headers=other))
        answers.append(await _post(register, f"/{place}/withdrawal", {}, other))
        answers.append(await _post(register, f"/{place}/completion", {"awarded_on": "2020-01-01"}, other))
    assert {each.status_code for each in answers} == {404}
    assert len({each.content.replace(each.json()["instance"].encode(), b"") for each in answers}) == 1


async def test_lists_show_an_association_its_own_and_a_registrar_all(register: Register) -> None:
    await make.member(register)
    await make.member(register, "ACEG", "5")
    mine = await make.holding(register)
    theirs = await make.holding(register, "ACEG", "5")
    await make.authenticated_holding(register)

    async def listed(query: str, headers: dict[str, str]) -> list[int]:
        answer = await register.http.get(f"/v1/holdings?{query}", headers=headers)
        return [each["id"] for each in answer.json()["items"]]

    assert await listed("status=claimed", registrar()) == [mine, theirs]
    assert await listed("status=claimed", association()) == [mine]
    assert await listed("status=claimed", association("ACEG")) == [theirs]
    assert await listed("status=claimed&limit=1", registrar()) == [mine]
    wrong = await register.http.get("/v1/holdings?status=lost", headers=registrar())
    assert wrong.status_code == 422


@pytest.mark.parametrize("place", ["0", "-1", "x", str(2**63), "1e3"])
async def test_an_id_that_is_none_is_refused(register: Register, place: str) -> None:
    answer = await register.http.get(f"/v1/holdings/{place}", headers=registrar())
    assert (answer.status_code, answer.json()["code"]) == (422, "input-not-valid")


async def test_who_lacks_the_scope_is_refused(register: Register) -> None:
    await make.member(register)
    holding = await make.holding(register)
    for headers, status in (({}, 401), (association(), 403)):
        answer = await _post(register, f"/{holding}/authentications", AUTHENTICATION, headers)
        assert answer.status_code == status
    answer = await _post(register, "", {}, registrar())
    assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")


async def test_a_key_gives_the_first_answer_again(register: Register) -> None:
    await make.member(register)
    body = {"member_id": "1", **make.LISTED, "awarded_on": "2015-07-01"}
    headers = association() | {"Idempotency-Key": "once"}
    first = await _post(register, "", body, headers)
    again = await _post(register, "", body, headers)
    other = await _post(register, "", body | {"credits": 90}, headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert other.status_code == 422
    assert (await make.events(register)).count("holding.declared") == 1


async def test_a_decision_that_says_nothing_is_refused(register: Register) -> None:
    await make.member(register)
    holding = await make.holding(register)
    blank = AUTHENTICATION | {"reason": "  "}
    unseen = AUTHENTICATION | {"evidence_reference": " "}
    codes = [
        (await _post(register, f"/{holding}/authentications", sent, registrar())).json()["code"]
        for sent in (blank, unseen, AUTHENTICATION | {"method": "hearsay"})
    ]
    assert codes == ["reason-missing", "evidence-reference-missing", "input-not-valid"]
    assert (await make.events(register))[-1] == "holding.declared"


@pytest.mark.parametrize("part", ["declared", "completed"])
async def test_nobody_decides_what_they_declared_or_completed(register: Register, part: str) -> None:
    await make.member(register)
    both = bearer("members:write", "register:decide", subject="both", association="ICG")
    declarer, completer = (both, association()) if part == "declared" else (association(), both)
    body = {"member_id": "1", **make.LISTED, "expected_on": "2026-12-01"}
    holding = (await _post(register, "", body, declarer)).json()["id"]
    done = await _post(register, f"/{holding}/completion", {"awarded_on": "2026-11-01"}, completer)
    assert done.status_code == 201
    for path, sent in (("authentications", AUTHENTICATION), ("rejections", REASON)):
        answer = await _post(register, f"/{holding}/{path}", sent, both)
        assert (answer.status_code, answer.json()["code"]) == (403, "submitter-may-not-decide")
    assert (await make.events(register))[-1] == "holding.completed"
    answer = await _post(register, f"/{holding}/authentications", AUTHENTICATION, registrar())
    assert answer.status_code == 201
