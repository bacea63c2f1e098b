"""The licence look-up: the verdict of every number, on any day, as known at any instant, never stale."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from services.register.domain.person import number_from
from services.register.domain.wording import never_issued
from services.register.operations.public_entries import republish
from services.register.storage import tables
from tests.callers import bearer, token
from tests.register import make_standing as make
from tests.register.conftest import Register
from tests.register.make_standing import BEFORE, REGISTRAR

FIELDS = [
    "number", "verdict", "may_give_personal_guidance", "scopes", "membership_level", "specialisms",
    "conditions", "sanctions", "valid_from", "valid_to", "kept_number", "reasons", "sentence",
    "valid_at", "known_at", "journal_position",
]  # fmt: skip


async def look(register: Register, number: str, **parameters: str) -> dict[str, Any]:
    """Return the answer about a number, which has to be 200."""
    response = await register.http.get(f"/v1/licences/{number}", params=parameters)
    assert response.status_code == 200, response.text
    said: dict[str, Any] = response.json()
    return said


async def test_a_licence_is_verified_without_a_token(register: Register) -> None:
    number = await make.licensee(register, specialisms=["stem"])
    response = await register.http.get(f"/v1/licences/{number}")
    said = response.json()
    assert response.status_code == 200
    assert list(said) == FIELDS
    assert said | {"sentence": "", "journal_position": 0} == {
        "number": number,
        "verdict": "licensed",
        "may_give_personal_guidance": True,
        "scopes": ["personal_guidance"],
        "membership_level": "professional",
        "specialisms": ["stem"],
        "conditions": [],
        "sanctions": [],
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "kept_number": None,
        "reasons": ["licence-in-force"],
        "sentence": "",
        "valid_at": "2026-11-21",
        "known_at": "2026-11-21T09:30:00Z",
        "journal_position": 0,
    }
    assert response.headers["cache-control"] == "max-age=0, must-revalidate"
    assert response.headers["x-request-id"]


async def test_the_journal_position_is_that_of_the_last_line(register: Register) -> None:
    number = await make.licensee(register)
    async with register.db.reading() as tx:
        head = (await tx.driver.fetchrow("SELECT max(position) FROM journal"))[0]
    assert (await look(register, number))["journal_position"] == head > 0
    assert (await look(register, number, valid_at="2026-02-01"))["journal_position"] == head
    assert (await look(register, number, known_at="2026-02-01T00:00:00Z"))["journal_position"] == head


@pytest.mark.parametrize("parameters", [{"valid_at": "2026-11-21"}, {"known_at": "2026-11-21T09:30:00Z"}])
async def test_the_plain_look_up_says_what_the_described_route_says(
    register: Register, parameters: dict[str, str]
) -> None:
    number = await make.licensee(register)
    assert await look(register, number) == await look(register, number, **parameters)


async def test_a_number_is_read_whatever_its_case_spaces_and_hyphens(register: Register) -> None:
    number = await make.licensee(register)
    for written in (number.lower(), f" {number[:2]} {number[2:6]}-{number[6:]} "):
        assert (await look(register, written))["number"] == number


@pytest.mark.parametrize("parameters", [{}, {"valid_at": "2026-11-21"}])
async def test_a_number_that_was_never_issued_is_not_found(
    register: Register, parameters: dict[str, str]
) -> None:
    response = await register.http.get(f"/v1/licences/{number_from(42)}", params=parameters)
    assert response.status_code == 404
    assert response.json()["code"] == "never-issued"
    assert response.json()["detail"] == never_issued()


@pytest.mark.parametrize("parameters", [{}, {"valid_at": "2026-11-21"}])
@pytest.mark.parametrize(
    "written",
    ["CR12345670", "CR1234567", "7", "%00", "%FF%FE", "CR１２３４５６７2", "x" * 5000, "'; DROP TABLE"],
)
async def test_what_is_no_number_is_malformed(
    register: Register, written: str, parameters: dict[str, str]
) -> None:
    response = await register.http.get(f"/v1/licences/{written}", params=parameters)
    assert response.status_code == 400
    assert response.json()["code"] == "malformed-number"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("valid_at=2026-02-29", "query:/valid_at"),
        ("valid_at=21/11/2026", "query:/valid_at"),
        ("valid_at=1700000000", "query:/valid_at"),
        ("valid_at=", "query:/valid_at"),
        ("valid_at=0001-01-01", "query:/valid_at"),
        ("known_at=2026-11-21", "query:/known_at"),
        ("known_at=2026-11-21T09:30:00", "query:/known_at"),
        ("known_at=2026-11-21T25:00:00Z", "query:/known_at"),
        ("known_at=2026-11-21T09:30:00+01:00", "query:/known_at"),
        ("known_at=0001-01-01T00:00:00%2B14:00", "query:/known_at"),
        ("known_at=9999-12-31T23:59:59-14:00", "query:/known_at"),
        ("valid_on=2026-11-20", "query:/valid_on"),
    ],
)
async def test_impossible_days_and_instants_are_refused_and_named(
    register: Register, query: str, pointer: str
) -> None:
    number = await make.licensee(register)
    response = await register.http.get(f"/v1/licences/{number}?{query}")
    assert response.status_code == 422
    assert [each["pointer"] for each in response.json()["errors"]] == [pointer]


@pytest.mark.parametrize("query", ["valid_at=9999-12-31", "known_at=9999-12-31T23:59:59Z"])
async def test_the_furthest_days_and_instants_get_an_answer(register: Register, query: str) -> None:
    number = await make.licensee(register)
    assert (await register.http.get(f"/v1/licences/{number}?{query}")).status_code == 200


@pytest.mark.parametrize("parameters", ["", "?valid_at=2026-11-21&known_at=2026-11-21T09:00:00Z"])
async def test_a_merged_number_leads_to_the_kept_one(register: Register, parameters: str) -> None:
    async with register.db.transaction(REGISTRAR) as tx:
        merged_id, merged = await make.person(tx, 1)
        kept_id, kept = await make.person(tx, 2)
        await make.merge(tx, merged_id, kept_id, date(2026, 3, 1))
        await republish(tx, [kept_id], now=register.clock())
    response = await register.http.get(f"/v1/licences/{merged}{parameters}")
    assert response.status_code == 308
    assert response.headers["location"] == f"/v1/licences/{kept}{parameters}"
    assert (response.json()["verdict"], response.json()["kept_number"]) == ("merged", kept)
    assert (await register.http.get(response.headers["location"])).status_code == 200


async def test_the_past_is_answered_from_what_is_known_now(register: Register) -> None:
    number = await make.licensee(register)
    assert (await look(register, number, valid_at="2025-12-31"))["verdict"] == "not_licensed"
    await make.suspend(register, number, first=date(2026, 11, 1))
    assert (await look(register, number, valid_at="2026-10-31"))["verdict"] == "licensed"
    assert (await look(register, number, valid_at="2026-11-01"))["verdict"] == "suspended"


async def test_what_was_said_yesterday_can_be_asked_for(register: Register) -> None:
    number = await make.licensee(register)
    yesterday = await look(register, number)
    register.clock.now += timedelta(days=1)
    await make.suspend(register, number, first=date(2026, 11, 21))
    assert (await look(register, number))["verdict"] == "suspended"
    again = await look(register, number, known_at=yesterday["known_at"])
    assert again | {"journal_position": 0} == yesterday | {"journal_position": 0}


async def test_a_number_was_never_issued_before_it_was(register: Register) -> None:
    number = await make.licensee(register)
    before = (BEFORE - timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    response = await register.http.get(f"/v1/licences/{number}", params={"known_at": before})
    assert (response.status_code, response.json()["code"]) == (404, "never-issued")


async def test_a_day_to_come_is_answered_and_said_to_be_to_come(register: Register) -> None:
    number = await make.licensee(register)
    said = await look(register, number, valid_at="2026-11-22")
    assert said["reasons"] == ["licence-in-force", "valid-at-is-in-the-future"]
    assert said["valid_at"] == "2026-11-22"


async def test_an_instant_to_come_is_answered_as_of_now_and_said_to_be_to_come(register: Register) -> None:
    number = await make.licensee(register)
    said = await look(register, number, known_at="2027-06-01T00:00:00Z")
    assert said["reasons"] == ["licence-in-force", "known-at-is-in-the-future"]
    assert (said["known_at"], said["valid_at"]) == ("2026-11-21T09:30:00Z", "2026-11-21")


async def test_an_answer_that_the_caller_has_is_not_sent_again(register: Register) -> None:
    number = await make.licensee(register)
    for query in ("", "?valid_at=2026-11-21"):
        url = f"/v1/licences/{number}{query}"
        tag = (await register.http.get(url)).headers["etag"]
        for sent in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
            again = await register.http.get(url, headers={"If-None-Match": sent})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


async def test_an_answer_that_has_changed_is_sent_anew(register: Register) -> None:
    number = await make.licensee(register)
    tag = (await register.http.get(f"/v1/licences/{number}")).headers["etag"]
    await make.suspend(register, number)
    again = await register.http.get(f"/v1/licences/{number}", headers={"If-None-Match": tag})
    assert (again.status_code, again.json()["verdict"]) == (200, "suspended")


async def test_a_token_is_not_needed_but_a_bad_one_is_refused(register: Register) -> None:
    number = await make.licensee(register)
    expired = {"Authorization": f"Bearer {token('checks:write', exp=1)}"}
    for url in (f"/v1/licences/{number}", f"/v1/licences/{number}?valid_at=2026-11-21"):
        assert (await register.http.get(url, headers=bearer("checks:write"))).status_code == 200
        for headers in (expired, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic YTpi"}):
            refused = await register.http.get(url, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (401, "token-not-valid")
            assert "www-authenticate" in refused.headers


async def test_other_methods_are_refused_with_what_is_allowed(register: Register) -> None:
    number = await make.licensee(register)
    response = await register.http.post(f"/v1/licences/{number}")
    assert (response.status_code, response.headers["allow"]) == (405, "GET")


async def test_nothing_private_is_said(register: Register) -> None:
    number = await make.licensee(register, family_name="Canary-Name")
    async with register.db.transaction(REGISTRAR) as tx:
        assert await tx.execute(update(tables.member_ids).values(email="canary@example.test")) == 1
    await make.suspend(register, number)
    text = (await register.http.get(f"/v1/licences/{number}")).text
    for private in ("Canary", "canary@example.test", "1980-02-29", "Confidential", "registrar-one"):
        assert private not in text


async def test_look_ups_that_meet_each_get_their_own_answer(register: Register) -> None:
    numbers = [await make.licensee(register, serial) for serial in (1, 2, 3)]
    asked = [*numbers, number_from(99), "nonsense", *numbers]
    answers = await asyncio.gather(*(register.http.get(f"/v1/licences/{each}") for each in asked))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 400, 200, 200, 200]
    assert [answer.json().get("number") for answer in answers] == [*numbers, None, None, *numbers]


async def test_the_route_is_described_with_every_field(register: Register) -> None:
    schema = (await register.http.get("/openapi.json")).json()
    operation = schema["paths"]["/v1/licences/{number}"]["get"]
    assert operation["operationId"] == "getLicence"
    assert list(schema["components"]["schemas"]["LicenceOut"]["properties"]) == FIELDS
    example = operation["responses"]["200"]["content"]["application/json"]["example"]
    # What is null is left out where examples are printed.
    assert list(example) == [name for name in FIELDS if name != "kept_number"]
    assert {"200", "304", "308", "400", "404", "503"} <= operation["responses"].keys()


async def test_each_look_up_is_measured_under_its_template(register: Register) -> None:
    number = await make.licensee(register)
    for query in ("", "?valid_at=2026-11-21"):
        await register.http.get(f"/v1/licences/{number}{query}")
    measured: httpx.Response = await register.http.get("/metrics")
    counted = 'http_request_seconds_count{method="GET",route="/v1/licences/{number}",status="200"} 2.0'
    assert counted in measured.text
    assert number not in measured.text
