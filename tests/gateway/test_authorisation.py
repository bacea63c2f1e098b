"""Every route and every root field of the graph answers each kind of caller as declared."""

from typing import Any

import httpx
from graphql import parse

from tests.gateway.make import Gateway
from tests.house.source import ROOT
from tests.register import make_licences
from tests.register.authorisation.callers import BAD_TOKENS, CALLERS, EVERYONE
from tests.register.conftest import Register, register  # noqa: F401 - the fixture is used here too

# Whoever gets a token here says who they are in the form, not by a token.
CHECKERS = (
    "own association",
    "other association",
    "registrar",
    "school",
    "careers service",
)
BY_FORM = {"issueToken": 400, "revokeToken": 400}
ROUTES: dict[str, dict[str, int]] = {
    **{name: dict.fromkeys(EVERYONE, 200) for name in ("livez", "readyz", "version", "metrics")},
    **{name: dict.fromkeys(EVERYONE, 200) for name in ("issuerMetadata", "publishedKeys", "revocations")},
    "readJournal": {"neighbour": 200},
    **{name: dict.fromkeys(EVERYONE, 200) for name in ("listCheckPolicies", "publishedReceiptKeys")},
    "listChecksOfPractitioner": {"own association": 400, "other association": 400, "registrar": 400},
    "listChecks": dict.fromkeys(CHECKERS, 200),
    # What is sent here is nothing that can be read: who may send it is told so, all others are not let in.
    "makeCheck": dict.fromkeys(CHECKERS, 400),
    "makeAssuranceCheck": dict.fromkeys(CHECKERS, 400),
    "makeCheckBatch": dict.fromkeys(CHECKERS, 422),
    "verifyReceipt": dict.fromkeys(EVERYONE, 400),
    "getCheck": dict.fromkeys(CHECKERS, 404),
}
# Fields of the federation protocol: what they give is what the other fields give.
FIELDS = {
    "licence": "licence(number: $n) { number verdict }",
    "practitioner": "practitioner(number: $n) { number givenNames familyName }",
    "practitioners": "practitioners(numbers: [$n]) { number givenNames familyName }",
    "school": 'school(urn: "100001") { urn posts { number } }',
    "schools": 'schools(urns: ["100001"]) { urn }',
    "provider": 'provider(ukprn: "10000001") { ukprn }',
    "assurance": "assurance(adviser: $n) { overall }",
    "sources": "sources { name state }",
    "_service": "_service { sdl }",
    "_entities": (
        '_entities(representations: [{__typename: "Licence", number: $n}]) { ... on Licence { verdict } }'
    ),
}
# Fields that a neighbour gives to some callers only: to whom; the others are refused.
ONLY_FOR = {
    "matchPractitioners": (
        "matchPractitioners(rows: [{number: $n}]) { outcome }",
        {"careers service"},
    ),
    "practitionerChanges": (
        "practitionerChanges { edges { node { number } } }",
        {"careers service", "own association", "other association"},
    ),
}


async def ask(front: Gateway, field: str, number: str, headers: dict[str, str]) -> httpx.Response:
    """Ask one root field."""
    asked = FIELDS[field] if field in FIELDS else ONLY_FOR[field][0]
    document = f"query ($n: String!) {{ {asked} }}"
    unused = "$n" not in asked
    body: dict[str, Any] = {"query": document if not unused else f"{{ {asked} }}"}
    return await front.http.post("/graphql", json=body | {"variables": {"n": number}}, headers=headers)


def test_every_root_field_has_a_row() -> None:
    printed = (ROOT / "services/gateway/schema.graphql").read_text()
    query = next(
        d for d in parse(printed).definitions if getattr(getattr(d, "name", None), "value", "") == "Query"
    )
    assert {field.name.value for field in query.fields} == FIELDS.keys() | ONLY_FOR.keys()  # type: ignore[attr-defined]


async def test_every_route_answers_each_caller_as_declared(front: Gateway) -> None:
    described = front.app.openapi()["paths"]
    routes = {o["operationId"]: (m, p) for p, methods in described.items() for m, o in methods.items()}
    assert routes.keys() == ROUTES.keys() | BY_FORM.keys()
    denied = {"anyone": 401} | dict.fromkeys(EVERYONE - {"anyone"}, 403)
    for name, told in ROUTES.items():
        method, path = routes[name]
        found = {
            caller: (await front.http.request(method, path, headers=headers)).status_code
            for caller, headers in CALLERS.items()
        }
        assert found == {caller: told.get(caller, denied[caller]) for caller in CALLERS}, name
    for name, status in BY_FORM.items():
        method, path = routes[name]
        for headers in CALLERS.values():
            assert (await front.http.request(method, path, headers=headers)).status_code == status


async def test_the_graph_tells_everyone_what_the_public_may_see_and_no_more(
    front: Gateway,
    register: Register,  # noqa: F811
) -> None:
    number = await make_licences.licensed(register)
    for field in FIELDS:
        said = {
            caller: (await ask(front, field, number, headers)).json() for caller, headers in CALLERS.items()
        }
        assert "errors" not in said["anyone"], field
        assert all(answer == said["anyone"] for answer in said.values()), field


async def test_the_graph_gives_what_is_not_for_everyone_to_those_whom_the_service_tells(
    front: Gateway,
) -> None:
    for field, (_, told) in ONLY_FOR.items():
        said = {
            caller: (await ask(front, field, "CR00000001", headers)).json()
            for caller, headers in CALLERS.items()
        }
        assert {caller for caller, answer in said.items() if "errors" not in answer} == told, field
        codes = {answer["errors"][0]["extensions"]["code"] for answer in said.values() if "errors" in answer}
        assert codes == {"UNAUTHENTICATED", "FORBIDDEN"}


async def test_the_graph_refuses_every_bad_token(front: Gateway) -> None:
    for field in FIELDS.keys() | ONLY_FOR.keys():
        for kind, headers in BAD_TOKENS.items():
            answer = await ask(front, field, "CR00000001", headers)
            assert answer.status_code == 401, (field, kind)
