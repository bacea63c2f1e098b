"""A check asks the register, keeps what it said, and is read back by who made it and nobody else."""

from typing import Any

import httpx
import pytest

from tests.callers import bearer
from tests.gateway.make import Gateway
from tests.register import make, make_licences
from tests.register.conftest import Register

SCHOOL = bearer("checks:write", subject="school-one", urn="100001")
OTHER = bearer("checks:write", subject="school-two", urn="100002")


async def check(
    front: Gateway, number: str, headers: dict[str, str] | None = None, **more: Any
) -> httpx.Response:
    body = {"number": number, "purpose": "visit", **more}
    return await front.http.post("/v1/checks", json=body, headers=headers or SCHOOL)


async def test_a_school_checks_an_adviser_and_keeps_the_proof(front: Gateway, register: Register) -> None:
    number = await make_licences.licensed(register)
    typed = f" {number[:5].lower()}-{number[5:]} "
    made = await check(
        front,
        typed,
        SCHOOL | {"Idempotency-Key": "one"},
        second_fact={"family_name": make.family_name("ICG", "1")},
    )
    assert made.status_code == 201, made.text
    told = made.json()
    assert told["number"] == number
    assert told["said"]["verdict"] == "licensed"
    assert told["asked"] == {
        "number": typed,
        "second_facts": ["family_name"],
        "valid_at": None,
        "known_at": None,
        "policy": "2026-1",
    }
    assert told["journal_positions"]["register"] > 0
    assert made.headers["location"] == f"/v1/checks/{told['reference']}"
    again = await check(
        front,
        typed,
        SCHOOL | {"Idempotency-Key": "one"},
        second_fact={"family_name": make.family_name("ICG", "1")},
    )
    assert again.json() == told
    assert (await front.http.get("/v1/checks", headers=SCHOOL)).json() == {"items": [told], "next": None}
    read = await front.http.get(made.headers["location"], headers=SCHOOL)
    assert read.json() == told
    lines = await front.db.fetch("SELECT event, subject, facts FROM journal ORDER BY position")
    assert [line["event"] for line in lines] == ["receipt-key.used", "check.made"]
    assert number not in str([dict(line) for line in lines])


async def test_anothers_check_and_a_missing_one_look_alike(front: Gateway, register: Register) -> None:
    reference = (await check(front, await make_licences.licensed(register))).json()["reference"]
    theirs = await front.http.get(f"/v1/checks/{reference}", headers=OTHER)
    missing = await front.http.get("/v1/checks/nothing", headers=OTHER)
    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert theirs.json() | {"instance": ""} == missing.json() | {"instance": ""}
    assert (await front.http.get("/v1/checks", headers=OTHER)).json()["items"] == []


async def test_a_number_that_nobody_has_can_be_proved_too(front: Gateway) -> None:
    made = await check(front, "CR00000001")
    assert made.json()["said"]["verdict"] == "never_issued"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"purpose": "curiosity"}, 422, "purpose-of-check-not-known"),
        ({"number": "nonsense"}, 422, "number-not-readable"),
        ({"number": "CR\u0000"}, 422, "input-not-valid"),
        ({"valid_at": "2026-02-31"}, 422, "input-not-valid"),
        ({"known_at": "yesterday"}, 422, "input-not-valid"),
        ({"second_fact": {"shoe_size": 7}}, 422, "input-not-valid"),
        ({"kind": "parrot"}, 422, "input-not-valid"),
    ],
)
async def test_what_cannot_be_checked_is_refused_and_nothing_is_kept(
    front: Gateway, body: dict[str, Any], status: int, code: str
) -> None:
    answer = await check(front, **({"number": "CR00000001"} | body))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await front.db.fetch("SELECT 1 FROM checks") == []


async def test_an_unknown_is_no_check(gateway: Gateway) -> None:
    client, secret = await gateway.client("school")
    token = await gateway.token(client, secret, scope="checks:write")
    answer = await check(gateway, "CR00000001", {"Authorization": f"Bearer {token}"})
    assert answer.status_code == 503
    assert await gateway.db.fetch("SELECT 1 FROM checks") == []


async def test_checks_are_paged_the_newest_first(front: Gateway) -> None:
    made = [(await check(front, "CR00000001")).json()["reference"] for _ in range(3)]
    first = (await front.http.get("/v1/checks?limit=2", headers=SCHOOL)).json()
    rest = (await front.http.get("/v1/checks", params={"after": first["next"]}, headers=SCHOOL)).json()
    assert [each["reference"] for each in (*first["items"], *rest["items"])] == made[::-1]
    assert rest["next"] is None
