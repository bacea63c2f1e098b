"""Hostile and broken requests to the graph: each is answered at once, in words, and never by a 500."""

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.gateway.graph.execution import Documents
from tests.gateway.front import NUMBER, FakeRegister, check_refusal, client_of, make_app, verdict

JSON = {"Content-Type": "application/json"}
NEW = "application/graphql-response+json"
OK = '{ licence(number: "x") { verdict } }'


def said(query: Any, **more: Any) -> bytes:
    return json.dumps({"query": query, **more}).encode()


def doubling(count: int) -> str:
    parts = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(count)]
    return "{ ...F0 } " + " ".join(parts) + f" fragment F{count} on Query {{ {OK[1:-1]} }}"


BODIES: dict[str, tuple[bytes, int]] = {
    "empty": (b"", 400),
    "cut": (b'{"query": "{', 400),
    "not JSON": (b"query { a }", 400),
    "null": (b"null", 422),
    "a string": (b'"x"', 422),
    "a number": (b"1", 422),
    "true": (b"true", 422),
    "a batch": (b"[" + said(OK) + b"]", 422),
    "an empty batch": (b"[]", 422),
    "an empty object": (b"{}", 422),
    "UTF-16": (said(OK).decode().encode("utf-16"), 400),
    "a byte order mark": (b"\xef\xbb\xbf" + said(OK), 400),
    "broken UTF-8": (b'{"query": "\xff\xfe"}', 400),
    "an overlong NUL": (b'{"query": "\xc0\x80"}', 400),
    "a raw NUL": (b'{"query": "\x00"}', 400),
    "an escaped NUL": (rb'{"query": "{ a \u0000 }"}', 400),
    "a lone surrogate": (rb'{"query": "{ licence(number: \"\ud800\") { verdict } }"}', 400),
    "a lone surrogate in a variable": (rb'{"query": "{ a }", "variables": {"n": "\udfff"}}', 400),
    "a name twice": (b'{"query": "{ __typename }", "query": "{ a }"}', 400),
    "a name twice inside": (b'{"query": "{ __typename }", "variables": {"a": 1, "a": 2}}', 400),
    "NaN": (b'{"query": "{ __typename }", "variables": {"a": NaN}}', 400),
    "infinity": (b'{"query": "{ __typename }", "variables": {"a": -Infinity}}', 400),
    "a 10,000-digit number": (
        b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 10_000 + b"}}",
        400,
    ),
    "a 100,000-deep body": (b"[" * 90_000, 400),
    "a deep and closed body": (b"[" * 40_000 + b"]" * 40_000, 400),
    "deep variables": (b'{"query": "{ a }", "variables": {"a": ' + b"[" * 500 + b"]" * 500 + b"}}", 422),
    "a body that is too large": (said("#" * 100_001), 413),
    "query is null": (said(None), 422),
    "query is a number": (said(7), 422),
    "query is a list": (said([OK]), 422),
    "query is empty": (said(""), 422),
    "query is blank": (said("  \n "), 400),
    "query is a comment": (said("# nothing"), 400),
    "variables are a list": (said(OK, variables=[1]), 422),
    "variables are a string": (said(OK, variables="{}"), 422),
    "operationName is a number": (said(OK, operationName=1), 422),
    "operationName is an object": (said(OK, operationName={}), 422),
    "extensions are a list": (said(OK, extensions=[]), 422),
    "an operation that is not there": (said(OK, operationName="Nope"), 422),
    "two operations, none named": (said("query A { __typename } query B { __typename }"), 422),
    "two operations, another named": (
        said("query A { __typename } query B { __typename }", operationName="C"),
        422,
    ),
    "two anonymous operations": (said("{ __typename } { __typename }"), 422),
    "only a fragment": (said("fragment F on Query { __typename }"), 422),
    "a schema definition": (said("type A { b: Int }"), 422),
    "not GraphQL": (said("SELECT * FROM people"), 400),
    "a broken escape": (said('{ licence(number: "\\uD800") { verdict } }'), 400),
    "an unknown field": (said("{ passwords { hash } }"), 422),
    "an unknown argument": (said('{ licence(number: "x", secret: 1) { verdict } }'), 422),
    "an unknown directive": (said("{ __typename @evil }"), 422),
    "defer": (said("{ ... @defer { __typename } }"), 422),
    "a mutation": (said("mutation { deleteEverything }"), 422),
    "a subscription": (said("subscription { everything }"), 422),
    "no selection": (said('{ licence(number: "x") }'), 422),
    "a literal of the wrong type": (said("{ licence(number: 7) { verdict } }"), 422),
    "a day that does not exist": (said('{ licence(number: "x", validAt: "2026-02-30") { verdict } }'), 422),
    "a day in the British manner": (said('{ licence(number: "x", validAt: "30/03/2026") { verdict } }'), 422),
    "a day in other digits": (said('{ licence(number: "x", validAt: "٢٠٢٦-01-01") { verdict } }'), 422),
    "an instant without a zone": (
        said('{ licence(number: "x", knownAt: "2026-01-01T00:00:00") { verdict } }'),
        422,
    ),
    "an instant before time": (
        said('{ licence(number: "x", knownAt: "0001-01-01T00:00:00+23:59") { verdict } }'),
        422,
    ),
    "a variable that is missing": (said("query ($n: String!) { licence(number: $n) { verdict } }"), 422),
    "a variable of the wrong type": (
        said("query ($n: String!) { licence(number: $n) { verdict } }", variables={"n": {"a": 1}}),
        422,
    ),
    "a variable that is a huge number": (
        said("query ($n: String!) { licence(number: $n) { verdict } }", variables={"n": 10**4000}),
        422,
    ),
    "a huge number as a literal": (said("{ licence(number: " + "9" * 20_000 + ") { verdict } }"), 422),
    "a variable used as another type": (
        said("query ($d: Date) { licence(number: $d) { verdict } }", variables={}),
        422,
    ),
    "a null for what must be": (
        said("query ($n: String!) { licence(number: $n) { verdict } }", variables={"n": None}),
        422,
    ),
    "doubling fragments": (said(doubling(25)), 422),
    "doubling fragments, many": (said(doubling(140)), 422),
    "a circle of fragments": (
        said("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"),
        422,
    ),
    "a fragment twice": (
        said("{ ...A } fragment A on Query { __typename } fragment A on Query { __typename }"),
        422,
    ),
    "an unused fragment": (said("{ __typename } fragment A on Query { __typename }"), 422),
    "deep nesting": (said("{ a " * 900 + "}" * 900), 422),
    "deep nesting, unclosed": (said("{ a " * 24_000), 422),
    "deep lists": (said("{ licence(number: " + "[" * 900 + "]" * 900 + ") { verdict } }"), 422),
    "deep types": (said("query ($n: " + "[" * 900 + "Int" + "]" * 900 + ") { __typename }"), 422),
    "aliases": (said("{" + " ".join(f"a{n}: __typename" for n in range(16)) + "}"), 422),
    "100,000 aliases": (said("{" + "a:b " * 24_000 + "}"), 422),
    "a flood of directives": (said("{ __typename " + "@skip(if: false) " * 300 + "}"), 422),
    "a flood of directives on an operation": (said("query " + "@a " * 900 + "{ __typename }"), 422),
    "a flood of variables": (
        said("query (" + " ".join(f"$v{n}: Int" for n in range(400)) + ") { __typename }"),
        422,
    ),
    "a flood of fields": (said("{" + "__typename " * 1_900 + "}"), 422),
    "a flood of comments": (said("#\n" * 30_000 + OK), 422),
    "a flood of commas": (said("," * 90_000 + OK), 200),
    "a flood of mistakes": (said("{" + " ".join(f"x{n}" for n in range(490)) + "}"), 422),
    "the schema in circles": (
        said("{ __schema { types " + "{ fields { type " * 8 + "{ name }" + " } }" * 8 + " } }"),
        422,
    ),
    "too many numbers": (said("{ practitioners(numbers: [" + '"x" ' * 1_950 + "]) { number } }"), 200),
    "a list in a list": (
        said("query ($n: [String!]!) { practitioners(numbers: $n) { number } }", variables={"n": [["x"]]}),
        422,
    ),
    "control characters": (said('{ licence(number: "\\u0000\\u001f\\u202e") { verdict } }'), 200),
    "names of the language": (said("{ __proto__ constructor __class__ }"), 422),
    "a template": (said('{ licence(number: "{{7*7}}${7*7}<script>") { verdict } }'), 200),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_hostile_body_is_answered_at_once(name: str) -> None:
    content, status = BODIES[name]
    async with client_of(make_app(FakeRegister())) as http:
        started = time.perf_counter()
        answer = await http.post("/graphql", content=content, headers=JSON)
        seconds = time.perf_counter() - started
    assert answer.status_code == status
    assert seconds < 1
    if status != 200:
        check_refusal(answer)


@pytest.mark.parametrize(
    "query",
    [
        '{ licenc(number: "x") { verdict } }',
        '{ licence(numbe: "x") { verdict } }',
        '{ licence(number: "x") { verdit } }',
        '{ licence(number: "x") { ... on Licenc { verdict } } }',
        "query ($d: Dat) { __typename }",
        "query ($n: Strin!) { licence(number: $n) { verdict } }",
        "{ __typename @skp(if: true) }",
        "{ ...Fragmen } fragment Fragment on Query { ...Fragmen }",
        '{ __type(nam: "Licence") { name } }',
    ],
)
async def test_nothing_is_suggested(query: str) -> None:
    async with client_of(make_app(FakeRegister())) as http:
        answer = await http.post("/graphql", json={"query": query})
    assert answer.status_code == 422
    check_refusal(answer)


async def test_the_schema_is_not_told_where_introspection_is_off() -> None:
    async with client_of(make_app(FakeRegister(), introspection=False)) as http:
        for query in ("{ __schema { types { name } } }", '{ a: __type(name: "Query") { name } }'):
            answer = await http.post("/graphql", json={"query": query})
            assert answer.status_code == 422
            assert answer.json()["errors"][0]["extensions"]["refusal"] == "introspection-is-off"
        assert (await http.post("/graphql", json={"query": "{ __typename }"})).status_code == 200


async def test_a_hostile_request_holds_up_no_bystander() -> None:
    honest = {"query": f'{{ licence(number: "{NUMBER}") {{ verdict }} }}'}
    slowest = 0.0
    async with client_of(make_app(FakeRegister({NUMBER: verdict()}))) as http:
        for name in ("doubling fragments, many", "a flood of mistakes", "100,000 aliases"):
            started = time.perf_counter()
            await http.post("/graphql", content=BODIES[name][0], headers=JSON)
            answer = await http.post("/graphql", json=honest)
            slowest = max(slowest, time.perf_counter() - started)
            assert answer.json()["data"]["licence"]["verdict"] == "licensed"
    assert slowest < 0.4


@pytest.mark.parametrize("count", [1_000])
def test_only_so_many_documents_are_remembered(count: int) -> None:
    documents = Documents()
    for each in range(count):
        documents.keep(str(each), each)  # type: ignore[arg-type]
    assert documents.find("0") is None
    assert documents.find(str(count - 1)) is not None
    documents.keep("x" * 10_000, 1)  # type: ignore[arg-type]
    assert documents.find("x" * 10_000) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
WORDS = [
    *("{", "}", "(", ")", "[", "]", "...", "...F", "query", "mutation", "fragment", "F", "on", "Query"),
    *("Licence", "licence", "number:", "$n", "7", '"x"', "é", '"""', "null", "verdict", "__typename"),
    *("@skip(if: true)", "\x00"),
]
documents = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=60)
    | json_values.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {"query": documents | json_values}, optional={"variables": json_values, "operationName": json_values}
    ).map(lambda value: json.dumps(value).encode())
)
async def test_no_body_at_all_breaks_it(body: bytes) -> None:
    async with client_of(make_app(FakeRegister())) as http:
        answer = await http.post("/graphql", content=body, headers=JSON)
    assert answer.status_code in {200, 400, 422}
    assert answer.json()
