"""What is written through the graph reaches the real services, and refusals come back word for word."""

from typing import Any

import httpx

from tests.callers import association
from tests.cpd.conftest import Cpd, cpd, register
from tests.cpd.make import cpd_system
from tests.cpd.people import ANN, member
from tests.gateway.front import client_of, make_app
from tests.register.conftest import Register

__all__ = ["cpd", "register"]

PROBLEM = "... on Problem { httpStatus code message errors { pointer code } }"
UPSERT = f"""mutation ($family: String!, $code: String!) {{
    upsertMember(association: $code, memberId: "A-1", member: {{
        familyName: $family, givenNames: "Siân", dateOfBirth: "1980-02-29",
        membership: {{ level: "professional", validFrom: "2020-01-01" }} }}) {{
    __typename ... on RecordedMember {{ number memberId created }} {PROBLEM} }} }}"""
DECLARE = f"""mutation ($level: String, $key: String) {{
    declareHolding(idempotencyKey: $key, holding: {{ memberId: "A-1", title: "Diploma in Career Guidance",
        framework: "QCF", level: $level, credits: 60, awardedOn: "2014-07-01" }}) {{
    __typename ... on DeclaredHolding {{ id number status }} {PROBLEM} }} }}"""
LOG = f"""mutation ($hours: Float!) {{
    logCpd(association: "ICG", entryId: "E-1", entry: {{ number: "{ANN}", title: "A course", kind: "formal",
        doneOn: "2026-05-06", hours: $hours, outcomes: ["I can."], standards: ["NOS02"] }}) {{
    __typename ... on RecordedEntry {{ entryId number status created }} {PROBLEM} }} }}"""


async def ask(
    register: Register,
    query: str,
    headers: dict[str, str] | None = None,
    cpd: Cpd | None = None,
    **variables: Any,
) -> dict[str, Any]:
    app = make_app(
        httpx.ASGITransport(app=register.app), cpd=httpx.ASGITransport(app=cpd.app) if cpd else None
    )
    async with client_of(app) as http:
        answer = await http.post(
            "/graphql", json={"query": query, "variables": variables}, headers=headers or association()
        )
    body: dict[str, Any] = answer.json()
    assert "errors" not in body, body
    (found,) = body["data"].values()
    return dict(found)


async def test_a_member_and_a_holding_are_told_through_the_graph(register: Register) -> None:
    new = await ask(register, UPSERT, family="Example", code="ICG")
    assert (new["__typename"], new["memberId"], new["created"]) == ("RecordedMember", "A-1", True)
    again = await ask(register, UPSERT, family="Example", code="ICG")
    assert (again["number"], again["created"]) == (new["number"], False)
    first, second = [await ask(register, DECLARE, level="6", key="k-1") for _ in range(2)]
    assert (first["number"], first["status"]) == (new["number"], "claimed")
    assert first == second
    lines = await register.db.fetch("SELECT event FROM journal WHERE event ~ '^holding'")
    assert len(lines) == 1


async def test_a_refusal_is_a_value_in_the_words_of_the_register(register: Register) -> None:
    empty = await ask(register, UPSERT, family="", code="ICG")
    assert (empty["__typename"], empty["httpStatus"]) == ("Problem", 422)
    assert empty["message"].endswith(".")
    direct = await register.http.put(
        "/v1/members/by-external-id/ACEG/A-1",
        json={"family_name": "X", "membership": {"level": "affiliate", "valid_from": "2020-01-01"}},
        headers=association(),
    )
    foreign = await ask(register, UPSERT, family="X", code="ACEG")
    told = direct.json()
    assert (foreign["httpStatus"], foreign["code"], foreign["message"]) == (
        told["status"], told["code"], told["detail"],
    )  # fmt: skip
    nobody = await ask(register, UPSERT, headers={"X-None": "1"}, family="X", code="ICG")
    assert nobody["httpStatus"] == 401
    assert await register.db.fetch("SELECT FROM member_ids") == []


async def test_cpd_is_logged_through_the_graph(register: Register, cpd: Cpd) -> None:
    await member(cpd)
    made = await ask(register, LOG, headers=cpd_system(), cpd=cpd, hours=3.5)
    assert made == {
        "__typename": "RecordedEntry", "entryId": "E-1", "number": ANN, "status": "done", "created": True,
    }  # fmt: skip
    wrong = await ask(register, LOG, headers=cpd_system(), cpd=cpd, hours=25.0)
    assert (wrong["code"], wrong["errors"][0]["pointer"]) == ("entry-not-plausible", "/hours")


async def test_nothing_is_written_by_get(register: Register) -> None:
    app = make_app(httpx.ASGITransport(app=register.app))
    async with client_of(app) as http:
        answer = await http.get(
            "/graphql", params={"query": "mutation { attestPost(post: 1) { __typename } }"}
        )
    assert answer.status_code in (400, 405)
    assert await register.db.fetch("SELECT FROM member_ids") == []
