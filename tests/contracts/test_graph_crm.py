"""What a CRM asks through the graph is what the real register says: matches and changes, and nothing more."""

from typing import Any

import httpx

from tests.callers import association, bearer
from tests.gateway.front import client_of, make_app
from tests.register import make, make_licences
from tests.register.conftest import Register

CRM = bearer("people:match", "changes:read", subject="crm")
MATCH = """query ($rows: [MatchRowInput!]!) { matchPractitioners(rows: $rows) {
    reference touchpointReference outcome reason score agreed disagreed number verdict policyVersion } }"""
CHANGES = """query ($after: String, $first: Int! = 50) { practitionerChanges(after: $after, first: $first) {
    edges { cursor node { number event facts at practitioner { licence { verdict } } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


async def ask(
    register: Register,
    query: str,
    headers: dict[str, str] | None = CRM,
    *,
    method: str = "POST",
    **variables: Any,
) -> dict[str, Any]:
    async with client_of(make_app(httpx.ASGITransport(app=register.app))) as http:
        sent = {"query": query, "variables": variables}
        answer = await http.request(method, "/graphql", json=sent, headers=headers)
    body: dict[str, Any] = answer.json()
    return body


async def test_a_match_tells_number_and_verdict_and_nobody_else_is_named(register: Register) -> None:
    number = await make_licences.licensed(register)
    family = make.family_name("ICG", "1")
    rows: list[dict[str, Any]] = [
        {"reference": "1", "touchpointReference": "t", "number": number, "familyName": family},
        {"reference": "2", "number": number, "familyName": "Otherwise"},
        {"reference": "3", "familyName": "Nobody-At-All", "email": "nobody@example.org"},
    ]
    body = await ask(register, MATCH, rows=rows)
    match, other, nobody = body["data"]["matchPractitioners"]
    assert match == {
        "reference": "1",
        "touchpointReference": "t",
        "outcome": "match",
        "reason": "number-and-details-agree",
        "score": match["score"],
        "agreed": ["number", "family_name"],
        "disagreed": [],
        "number": number,
        "verdict": "licensed",
        "policyVersion": match["policyVersion"],
    }
    assert [(each["outcome"], each["number"], each["verdict"]) for each in (other, nobody)] == [
        ("none", None, None)
    ] * 2
    direct = await register.http.post(
        "/v1/matches",
        json={"rows": [{"reference": "3", "family_name": "Nobody-At-All", "email": "nobody@example.org"}]},
        headers=CRM,
    )
    assert (nobody["reason"], nobody["policyVersion"]) == (
        direct.json()["items"][0]["reason"], direct.json()["policy"],
    )  # fmt: skip


async def test_who_may_not_match_is_refused_in_the_words_of_the_register(register: Register) -> None:
    for headers, code in ((association(), "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        body = await ask(register, MATCH, headers, rows=[{"number": "x"}])
        assert body["data"] == {"matchPractitioners": None}
        assert [error["extensions"]["code"] for error in body["errors"]] == [code]


async def test_changes_are_followed_from_cursor_to_cursor_each_once(register: Register) -> None:
    number = await make_licences.licensed(register)
    seen: list[tuple[str, str]] = []
    cursor: str | None = None
    more = True
    while more:
        page = (await ask(register, CHANGES, after=cursor, first=2))["data"]["practitionerChanges"]
        assert len(page["edges"]) <= 2
        seen += [(edge["node"]["number"], edge["node"]["event"]) for edge in page["edges"]]
        cursor, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    told = (await register.http.get("/v1/changes", headers=CRM)).json()["items"]
    assert seen == [(each["number"], each["event"]) for each in told]
    assert (number, "licence.issued") in seen
    assert (await make_licences.impose(register, number)).status_code == 201
    page = (await ask(register, CHANGES, after=cursor))["data"]["practitionerChanges"]
    (edge,) = page["edges"]
    assert (edge["node"]["event"], edge["node"]["facts"]["kind"]) == ("sanction.imposed", "suspension")
    assert edge["node"]["practitioner"] == {"licence": {"verdict": "suspended"}}
    assert page["pageInfo"] | {"endCursor": ""} == {
        "hasNextPage": False, "hasPreviousPage": False, "startCursor": edge["cursor"], "endCursor": "",
    }  # fmt: skip


async def test_a_cursor_of_something_else_and_a_page_of_no_size_are_refused(register: Register) -> None:
    for variables, refused in (
        ({"after": "WyJraXRlbWFyayIsIDFd"}, "cursor-not-readable"),
        ({"after": "nonsense"}, "cursor-not-readable"),
        ({"first": 0}, "page-size-out-of-range"),
        ({"first": 201}, "page-size-out-of-range"),
    ):
        body = await ask(register, CHANGES, **variables)
        assert [error["extensions"]["refusal"] for error in body["errors"]] == [refused]
