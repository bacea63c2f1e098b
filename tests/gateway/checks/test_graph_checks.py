"""Checks made through the graph are those of REST: kept, proved, once, and refused in the same words."""

from typing import Any

import pytest

from services.gateway.domain.checks.check import MAY_CHECK
from tests.callers import bearer
from tests.gateway.checks.test_assurance_checks import joined
from tests.gateway.checks.test_checks import OTHER, SCHOOL
from tests.gateway.make import Gateway
from tests.gateway.neighbours import FakeKitemark
from tests.register import make, make_licences
from tests.register.conftest import Register
from tests.register.posts.make_posts import attested, organisation

__all__ = ["joined"]

PROBLEM = "... on Problem { httpStatus code message errors { pointer code } }"
RECEIPT = "receipt { reference jws purpose madeAt toldFrom journalPositions { service position } page qr }"
CHECK = f"""mutation ($check: CheckInput!, $key: String) {{ makeCheck(check: $check, idempotencyKey: $key) {{
    __typename ... on AdviserCheck {{ licence {{ number verdict sentence journalPosition }} {RECEIPT} }}
    {PROBLEM} }} }}"""
ASSURE = f"""mutation ($check: AssuranceCheckInput!, $key: String) {{
    makeAssuranceCheck(check: $check, idempotencyKey: $key) {{
    __typename ... on AssuranceCheck {{ overall strands {{ strand subject holds word source }} {RECEIPT} }}
    {PROBLEM} }} }}"""


async def ask(
    front: Gateway, query: str, headers: dict[str, str] | None = None, **variables: Any
) -> dict[str, Any]:
    answer = await front.http.post(
        "/graphql", json={"query": query, "variables": variables}, headers=headers or SCHOOL
    )
    body = answer.json()
    assert "errors" not in body, body
    (found,) = body["data"].values()
    return dict(found)


async def test_an_adviser_is_checked_through_the_graph_once_and_read_back_by_rest(
    front: Gateway, register: Register
) -> None:
    number = await make_licences.licensed(register)
    second = {"familyName": make.family_name("ICG", "1")}
    asked = {"number": number.lower(), "purpose": "visit", "secondFact": second}
    made = await ask(front, CHECK, check=asked, key="one")
    assert (made["licence"]["number"], made["licence"]["verdict"]) == (number, "licensed")
    assert await ask(front, CHECK, check=asked, key="one") == made
    receipt = made["receipt"]
    kept = (await front.http.get(f"/v1/checks/{receipt['reference']}", headers=SCHOOL)).json()
    assert (kept["receipt"], kept["page"], kept["qr"]) == (receipt["jws"], receipt["page"], receipt["qr"])
    assert kept["asked"]["second_facts"] == ["family_name"]
    assert kept["said"]["sentence"] == made["licence"]["sentence"]
    assert receipt["journalPositions"] == [
        {"service": "register", "position": made["licence"]["journalPosition"]}
    ]
    proved = await front.http.post("/v1/receipts/verify", json={"receipt": receipt["jws"]})
    assert proved.json()["state"] == "genuine"
    other = await ask(front, CHECK, check=asked | {"purpose": "assurance"}, key="one")
    assert (other["code"], other["httpStatus"]) == ("key-used-for-another-request", 422)
    by_rest = {"number": number.lower(), "purpose": "visit"}
    again = await front.http.post("/v1/checks", json=by_rest, headers=SCHOOL | {"Idempotency-Key": "one"})
    assert (again.status_code, again.json()["code"]) == (422, "key-used-for-another-request")
    events = [line["event"] for line in await front.db.fetch("SELECT event FROM journal ORDER BY position")]
    assert events == ["receipt-key.used", "check.made"]


async def test_a_school_is_checked_with_everybody_who_works_there(
    joined: tuple[Gateway, FakeKitemark],
    register: Register,
) -> None:
    front, kitemark = joined
    number = await make_licences.licensed(register)
    employer = await organisation(register, ukprn="10000001")
    await attested(register, number, employer, school={"value": "100001"})
    asked = {"school": "100001", "purpose": "assurance"}
    made = await ask(front, ASSURE, check=asked, key="one")
    assert made["overall"] == "assured"
    assert {(each["strand"], each["subject"], each["holds"]) for each in made["strands"]} == {
        ("adviser", number, "yes"), ("school", "100001", "yes"), ("provider", "10000001", "yes"),
    }  # fmt: skip
    assert await ask(front, ASSURE, check=asked, key="one") == made
    kitemark.status = 500
    dark = await ask(front, ASSURE, check=asked)
    assert dark["overall"] == "incomplete"
    assert {each["strand"]: each["word"] for each in dark["strands"]}["school"] is None


@pytest.mark.parametrize(
    ("query", "check", "status", "code", "pointers"),
    [
        (CHECK, {"purpose": "curiosity"}, 422, "purpose-of-check-not-known", []),
        (CHECK, {"number": "nonsense"}, 422, "number-not-readable", []),
        (CHECK, {"number": "CR\u0000"}, 422, "input-not-valid", ["/number"]),
        (CHECK, {"number": "9" * 65}, 422, "input-not-valid", ["/number"]),
        (CHECK, {"secondFact": {"familyName": ""}}, 422, "input-not-valid", ["/secondFact/familyName"]),
        (ASSURE, {}, 422, "nothing-to-assure", []),
        (ASSURE, {"school": "1 OR 1", "provider": "£"}, 422, "input-not-valid", ["/school", "/provider"]),
    ],
)
async def test_what_cannot_be_checked_is_a_problem_and_nothing_is_kept(
    front: Gateway, query: str, check: dict[str, Any], status: int, code: str, pointers: list[str]
) -> None:
    usual = {"number": "CR00000001"} if query is CHECK else {}
    found = await ask(front, query, check={"purpose": "visit"} | usual | check)
    assert (found["__typename"], found["httpStatus"], found["code"]) == ("Problem", status, code)
    assert [each["pointer"] for each in found["errors"]] == pointers
    assert await front.db.fetch("SELECT 1 FROM checks") == []


async def test_who_may_check_by_rest_may_check_here_and_nobody_else(front: Gateway) -> None:
    asked = {"number": "CR00000001", "purpose": "visit"}
    for scope in MAY_CHECK:
        made = await ask(front, CHECK, bearer(scope, subject=scope, association="ICG"), check=asked)
        assert made["__typename"] == "AdviserCheck"
    nobody = await ask(front, CHECK, {"X-None": "1"}, check=asked)
    auditor = await ask(front, ASSURE, bearer("cpd:audit"), check={"purpose": "visit", "school": "100001"})
    assert (nobody["httpStatus"], auditor["httpStatus"]) == (401, 403)
    theirs = await ask(front, CHECK, OTHER, check=asked, key="one")
    ours = await ask(front, CHECK, check=asked, key="one")
    assert theirs["receipt"]["reference"] != ours["receipt"]["reference"]


async def test_where_the_register_gives_no_answer_there_is_no_check(gateway: Gateway) -> None:
    client, secret = await gateway.client("school")
    token = await gateway.token(client, secret, scope="checks:write")
    found = await ask(
        gateway,
        CHECK,
        {"Authorization": f"Bearer {token}"},
        check={"number": "CR00000001", "purpose": "visit"},
    )
    assert (found["httpStatus"], found["code"]) == (503, "neighbour-unavailable")
    assert await gateway.db.fetch("SELECT 1 FROM checks") == []
