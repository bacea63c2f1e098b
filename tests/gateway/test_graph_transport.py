"""The graph over HTTP: types of content, methods and statuses."""

import gzip
import json
from typing import Any

import httpx
import pytest

from services.gateway.graph.requests import GraphBodyTooLarge, from_query_string
from tests.gateway.front import FakeRegister, check_refusal, client_of, make_app

JSON = {"Content-Type": "application/json"}
NEW = "application/graphql-response+json"
OK = '{ licence(number: "x") { verdict } }'


def said(query: Any, **more: Any) -> bytes:
    return json.dumps({"query": query, **more}).encode()


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({}, said(OK), 415),
        ({"Content-Type": "text/plain"}, said(OK), 415),
        ({"Content-Type": "application/graphql"}, OK.encode(), 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"query=%7Ba%7D", 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", 415),
        ({"Content-Type": "application/json; charset=utf-16"}, said(OK), 415),
        ({"Content-Type": "application/json; charset=latin-1"}, said(OK), 415),
        ({**JSON, "Content-Encoding": "gzip"}, gzip.compress(said(OK), mtime=0), 415),
        ({**JSON, "Content-Encoding": "gzip"}, said(OK), 415),
        (JSON, gzip.compress(said(OK), mtime=0), 400),
        ({"Content-Type": 'application/json; charset="UTF-8"'}, said(OK), 200),
        ({"Content-Type": "Application/JSON"}, said(OK), 200),
    ],
)
async def test_only_plain_json_is_read(headers: dict[str, str], content: bytes, status: int) -> None:
    async with client_of(make_app(FakeRegister())) as http:
        answer = await http.post("/graphql", content=content, headers=headers)
    assert answer.status_code == status
    if status != 200:
        check_refusal(answer)


@pytest.mark.parametrize(
    ("accept", "status", "media_type"),
    [
        (None, 200, "application/json"),
        ("", 200, "application/json"),
        ("*/*", 200, "application/json"),
        ("application/*", 200, "application/json"),
        ("application/json", 200, "application/json"),
        ("application/json; charset=utf-8", 200, "application/json"),
        (NEW, 200, NEW),
        (f"{NEW}, application/json;q=0.9", 200, NEW),
        (f"{NEW};q=0.5, application/json;q=0.9", 200, "application/json"),
        (f"{NEW}, */*", 200, NEW),
        ("text/html", 406, "application/json"),
        ("application/json;q=0", 406, "application/json"),
        ("application/json;q=soon", 406, "application/json"),
        (",;=,;q", 406, "application/json"),
    ],
)
async def test_the_type_of_the_answer_is_the_one_that_was_liked_best(
    accept: str | None, status: int, media_type: str
) -> None:
    async with client_of(make_app(FakeRegister())) as http:
        http.headers.pop("accept")
        headers = {} if accept is None else {"Accept": accept}
        answer = await http.post("/graphql", json={"query": OK}, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, media_type)


@pytest.mark.parametrize(("accept", "status"), [(NEW, 294), ("application/json", 200)])
async def test_data_beside_errors_is_294_only_for_those_who_know_it(accept: str, status: int) -> None:
    register = FakeRegister(instead=lambda _: httpx.Response(500))
    async with client_of(make_app(register)) as http:
        answer = await http.post("/graphql", json={"query": OK}, headers={"Accept": accept})
    assert answer.status_code == status
    assert answer.json()["data"] == {"licence": None}


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"query": OK}, 200),
        ({"query": "query A { __typename } query B { __typename }", "operationName": "B"}, 200),
        (
            {"query": "query ($n: String!) { licence(number: $n) { verdict } }", "variables": '{"n": "x"}'},
            200,
        ),
        ({"query": OK, "variables": "", "extensions": "{}"}, 200),
        ({}, 422),
        ({"query": ""}, 422),
        ({"query": OK, "variables": "[]"}, 422),
        ({"query": OK, "variables": "{"}, 400),
        ({"query": OK, "variables": '{"a": 1, "a": 1}'}, 400),
        ({"query": "{"}, 400),
        ({"query": [OK, OK]}, 422),
        ({"query": "mutation { a }"}, 405),
        ({"query": "subscription { a }"}, 405),
    ],
)
async def test_queries_may_be_asked_by_get_and_nothing_else(parameters: Any, status: int) -> None:
    async with client_of(make_app(FakeRegister())) as http:
        answer = await http.get("/graphql", params=parameters)
    assert answer.status_code == status
    if status == 405:
        assert answer.headers["allow"] == "POST"
    if status != 200:
        check_refusal(answer)


async def test_personal_data_is_not_asked_by_get() -> None:
    register = FakeRegister()
    async with client_of(make_app(register)) as http:
        query = '{ matchPractitioners(rows: [{email: "ann@example.org"}]) { outcome } }'
        answer = await http.get("/graphql", params={"query": query})
    assert answer.json()["errors"][0]["extensions"]["refusal"] == "matched-by-get"
    assert register.asked == []


@pytest.mark.parametrize(("name", "refused"), [(None, "operation-not-named"), ("C", "no-such-operation")])
async def test_which_operation_to_run_is_never_guessed(name: str | None, refused: str) -> None:
    query = "query A { __typename } query B { __typename }"
    async with client_of(make_app(FakeRegister())) as http:
        answer = await http.post("/graphql", json={"query": query, "operationName": name})
    assert answer.json()["errors"][0]["extensions"]["refusal"] == refused


def test_a_query_string_is_no_longer_than_a_body() -> None:
    with pytest.raises(GraphBodyTooLarge):
        from_query_string({"query": "#" * 100_001})


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
async def test_other_methods_are_told_which_there_are(method: str) -> None:
    async with client_of(make_app(FakeRegister())) as http:
        answer = await http.request(method, "/graphql")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "POST"}
