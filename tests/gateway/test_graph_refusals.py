"""Refusals and faults in the graph: what was refused crosses intact, and the unknown is no verdict."""

from typing import Any

import httpx
import pytest

from tests.gateway.front import NUMBER, FakeRegister, ask, broken_answers, client_of, make_app, verdict
from tests.gateway.neighbours import refusal

OTHER = "CR76543210"
NEW = "application/graphql-response+json"


@pytest.mark.parametrize("fault", broken_answers())
async def test_a_register_that_gives_no_answer_is_unknown_and_never_a_verdict(fault: str) -> None:
    register = FakeRegister(instead=broken_answers()[fault])
    query = f'{{ a: licence(number: "{NUMBER}") {{ verdict }} b: licence(number: "{OTHER}") {{ verdict }} }}'
    answer = await ask(register, query, headers={"Accept": NEW})
    said = answer.json()
    assert answer.status_code == 294
    assert said["data"] == {"a": None, "b": None}
    (error,) = said["errors"]  # one for the service, not one for each field
    assert error["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"
    assert error["extensions"]["service"] == "register"
    assert error["extensions"]["affectedPaths"] == [["a"], ["b"]]
    assert error["extensions"]["retryAfter"] > 0


async def test_one_part_down_leaves_the_other_answered() -> None:
    register = FakeRegister({NUMBER: verdict()})
    whole = register.transport().handler

    def half(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/practitioners/batch":
            return httpx.Response(500)
        register.instead = None
        return whole(request)  # type: ignore[return-value]

    register.instead = half
    query = f'{{ practitioner(number: "{NUMBER}") {{ number }} licence(number: "{NUMBER}") {{ verdict }} }}'
    said = (await ask(register, query)).json()
    assert said["data"] == {"practitioner": None, "licence": {"verdict": "licensed"}}
    assert [error["extensions"]["code"] for error in said["errors"]] == ["UPSTREAM_UNAVAILABLE"]


@pytest.mark.parametrize(
    ("status", "refused", "code"),
    [
        (400, "malformed-day", "BAD_USER_INPUT"),
        (401, "token-not-valid", "UNAUTHENTICATED"),
        (403, "scope-missing", "FORBIDDEN"),
        (404, "no-such-member", "NOT_FOUND"),
        (409, "already-decided", "CONFLICT"),
        (410, "erased", "NOT_FOUND"),
        (412, "changed-since-read", "CONFLICT"),
        (413, "too-many-rows", "BAD_USER_INPUT"),
        (422, "input-not-valid", "BAD_USER_INPUT"),
        (429, "too-many-requests", "RATE_LIMITED"),
        (503, "database-unavailable", "UPSTREAM_UNAVAILABLE"),
    ],
)
async def test_a_refusal_crosses_with_its_code_and_words(status: int, refused: str, code: str) -> None:
    errors = [{"pointer": "/rows/0", "code": "odd", "detail": "It is odd."}]
    register = FakeRegister(instead=lambda _: refusal(status, refused, "Said as it was.", errors=errors))
    answer = await ask(register, '{ licence(number: "x") { verdict } }')
    (error,) = answer.json()["errors"]
    assert answer.json()["data"] == {"licence": None}
    assert error["message"] == "Said as it was."
    assert error["extensions"]["code"] == code
    assert error["extensions"]["refusal"] == refused
    assert error["extensions"]["errors"] == errors
    assert error["path"] == ["licence"]


async def test_a_fault_of_ours_shows_a_request_id_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app(FakeRegister())

    async def breaks(*_: object, **__: object) -> None:
        raise KeyError("secret-canary")

    monkeypatch.setattr(app.state.neighbours.register, "licences", breaks)
    async with client_of(app) as http:
        body = {"query": '{ licence(number: "x") { verdict } }'}
        answer = await http.post("/graphql", json=body, headers={"X-Request-Id": "r-1"})
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL", "requestId": "r-1"}
    printed_ = capsys.readouterr()
    assert "canary" not in answer.text + printed_.out + printed_.err
    assert (printed_.out + printed_.err).count("field failed") == 1


async def test_more_than_a_thousand_practitioners_are_refused_in_words() -> None:
    register = FakeRegister()
    answer = await ask(
        register,
        "query ($n: [String!]!) { practitioners(numbers: $n) { number } }",
        variables={"n": [f"CR{each}" for each in range(1001)]},
    )
    assert answer.json()["data"] == {"practitioners": None}
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "refusal": "too-many-numbers"}
    assert "1000" in error["message"]
    assert register.asked == []


@pytest.mark.parametrize(
    "representation",
    [
        {"__typename": "NoSuchType", "number": "1"},
        {"__typename": "Licence"},
        {"__typename": "Licence", "number": 7},
        {"__typename": "Query", "number": "1"},
        {"__typename": ["Licence"], "number": "1"},
        {"number": "1"},
        {},
        [],
        "Licence",
        7,
        True,
    ],
)
async def test_a_reference_that_is_none_is_refused_in_our_words(representation: Any) -> None:
    answer = await ask(
        FakeRegister(),
        "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }",
        variables={"r": [representation]},
    )
    assert answer.json()["data"] == {"_entities": [None]}
    (error,) = answer.json()["errors"]
    assert error["extensions"]["refusal"] == "representation-not-usable"


async def test_a_token_that_is_not_valid_is_refused_before_anything_is_asked() -> None:
    register = FakeRegister()
    headers = {"Authorization": "Bearer nonsense"}
    answer = await ask(register, '{ licence(number: "x") { verdict } }', headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert register.asked == []
