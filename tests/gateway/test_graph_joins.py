"""The graph joins services: each is asked once in the caller's name, an ill one costs its own fields."""

import json
from typing import Any

import httpx

from tests.callers import bearer
from tests.gateway.front import NUMBER, FakeRegister, client_of, make_app, verdict
from tests.gateway.neighbours import refusal

READER = bearer("people:read")
QUERY = """query ($n: [String!]!, $day: Date) { practitioners(numbers: $n, validAt: $day) {
    number licence { verdict validAt }
    cpd { __typename ... on CpdStanding { standing daysLeft hours { counted } }
          ... on NotKnown { code } ... on Withheld { code message } } } }"""


class FakeCpd:
    """A CPD of the test's own: who is in ``words`` has that standing, anybody else is not known."""

    def __init__(self, words: dict[str, str] | None = None, instead: httpx.Response | None = None) -> None:
        self.words = words or {}
        self.instead = instead
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a batch as CPD words it."""
        self.asked.append(request)
        if self.instead is not None:
            return self.instead
        numbers = json.loads(request.content)["numbers"]
        return httpx.Response(200, json={"items": [self._item(number) for number in numbers]})

    def _item(self, number: str) -> dict[str, Any]:
        if number not in self.words:
            problem = {"status": 404, "code": "no-such-member", "detail": "There is nobody."}
            return {"number": number, "standing": None, "problem": problem}
        return {"number": number, "standing": self.words[number], "days_left": 40, "hours": None}


async def ask(
    register: FakeRegister, cpd: FakeCpd, headers: dict[str, str] | None = None, **variables: Any
) -> dict[str, Any]:
    app = make_app(register, cpd=httpx.MockTransport(cpd))
    async with client_of(app) as http:
        answer = await http.post(
            "/graphql", json={"query": QUERY, "variables": {"n": [NUMBER], **variables}}, headers=headers
        )
    body: dict[str, Any] = answer.json()
    return body


async def test_a_thousand_practitioners_cost_one_call_to_each_service() -> None:
    numbers = [f"CR{each:07}X" for each in range(1000)]
    register, cpd = FakeRegister(), FakeCpd({numbers[7]: "met"})
    body = await ask(register, cpd, READER, n=numbers)
    found = body["data"]["practitioners"]
    assert found[7]["cpd"] == {"__typename": "CpdStanding", "standing": "met", "daysLeft": 40, "hours": None}
    assert found[8]["cpd"] == {"__typename": "NotKnown", "code": "no-such-member"}
    assert (len(register.asked), len(cpd.asked)) == (1, 1)
    assert [each["name"] for each in body["extensions"]["sources"]] == ["cpd", "register"]


async def test_one_day_goes_to_every_service() -> None:
    register, cpd = FakeRegister({NUMBER: verdict()}), FakeCpd({NUMBER: "short"})
    body = await ask(register, cpd, READER, day="2026-03-29")
    assert body["data"]["practitioners"][0]["licence"]["validAt"] == "2026-03-29"
    assert json.loads(cpd.asked[0].content) == {"numbers": [NUMBER], "valid_at": "2026-03-29"}
    assert cpd.asked[0].headers["authorization"] == READER["Authorization"]


async def test_what_the_caller_may_not_know_is_said_to_be_withheld() -> None:
    cpd = FakeCpd(instead=refusal(401, "token-required", "This needs a token."))
    body = await ask(FakeRegister({NUMBER: verdict()}), cpd)
    (found,) = body["data"]["practitioners"]
    assert found["cpd"] == {
        "__typename": "Withheld", "code": "token-required", "message": "This needs a token."
    }  # fmt: skip
    assert "errors" not in body


async def test_a_dead_service_costs_its_own_fields_one_error_and_is_no_standing() -> None:
    cpd = FakeCpd(instead=httpx.Response(500))
    body = await ask(FakeRegister({NUMBER: verdict()}), cpd, READER, n=[NUMBER, NUMBER])
    assert [each["licence"]["verdict"] for each in body["data"]["practitioners"]] == ["licensed"] * 2
    assert [each["cpd"] for each in body["data"]["practitioners"]] == [None, None]
    (error,) = body["errors"]
    assert error["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"
    assert error["extensions"]["service"] == "cpd"
    assert len(error["extensions"]["affectedPaths"]) == 2
    states = {each["name"]: each["state"] for each in body["extensions"]["sources"]}
    assert states == {"cpd": "failing", "register": "answering"}


async def test_the_services_behind_the_graph_can_be_asked_for() -> None:
    async with client_of(make_app(FakeRegister())) as http:
        answer = await http.post("/graphql", json={"query": "{ sources { name state asOf age } }"})
    assert answer.json()["data"]["sources"] == [
        {"name": name, "state": "not_asked", "asOf": None, "age": None}
        for name in ("register", "cpd", "kitemark")
    ]
