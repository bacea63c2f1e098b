"""The graph: what it answers, and by which calls to the register."""

from pathlib import Path

import pytest

from services.gateway.graph import schema as graph_schema
from tests.callers import bearer
from tests.gateway.front import NUMBER, FakeRegister, ask, verdict

OTHER = "CR76543210"
EXAMPLES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in (Path(graph_schema.__file__).parent / "examples").glob("*.graphql")
}


async def test_a_licence_is_the_registers_verdict_word_for_word() -> None:
    sanction = {"kind": "conditions", "public_reason": "Supervision.", "from": "2026-10-01", "to": None}
    said = verdict(word="licensed_with_conditions", conditions=["Be supervised."], sanctions=[sanction])
    answer = await ask(
        FakeRegister({NUMBER: said}),
        """query ($number: String!) { licence(number: $number) {
            number verdict mayGivePersonalGuidance scopes membershipLevel specialisms conditions
            sanctions { kind publicReason validFrom validTo } validFrom validTo keptNumber reasons
            sentence validAt knownAt journalPosition } }""",
        variables={"number": NUMBER},
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["data"] == {
        "licence": {
            "number": NUMBER,
            "verdict": "licensed_with_conditions",
            "mayGivePersonalGuidance": True,
            "scopes": ["personal_guidance"],
            "membershipLevel": "professional",
            "specialisms": [],
            "conditions": ["Be supervised."],
            "sanctions": [
                {
                    "kind": "conditions",
                    "publicReason": "Supervision.",
                    "validFrom": "2026-10-01",
                    "validTo": None,
                }
            ],
            "validFrom": "2026-09-01",
            "validTo": "2027-08-31",
            "keptNumber": None,
            "reasons": ["licence-in-force"],
            "sentence": said["sentence"],
            "validAt": "2026-11-21",
            "knownAt": "2026-11-21T09:30:00Z",
            "journalPosition": 42,
        }
    }


@pytest.mark.parametrize("word", ["never_issued", "malformed"])
async def test_a_number_that_nobody_has_is_a_verdict_and_no_error(word: str) -> None:
    said = verdict(None if word == "malformed" else NUMBER, word)
    answer = await ask(
        FakeRegister({NUMBER: said}), f'{{ licence(number: "{NUMBER}") {{ verdict number }} }}'
    )
    assert answer.json()["data"] == {"licence": {"verdict": word, "number": said["number"]}}


async def test_the_day_the_instant_the_token_and_the_request_id_are_passed_on() -> None:
    register = FakeRegister()
    headers = {**bearer("members:write"), "X-Request-Id": "abc-1"}
    await ask(
        register,
        '{ licence(number: "x", validAt: "2026-03-29", knownAt: "2026-03-29T01:30:00+01:00") { verdict } }',
        headers=headers,
    )
    (call,) = register.asked
    assert call.headers["authorization"] == headers["Authorization"]
    assert call.headers["x-request-id"] == "abc-1"
    assert register.bodies() == [
        {"rows": [{"number": "x"}], "valid_at": "2026-03-29", "known_at": "2026-03-29T00:30:00Z"}
    ]


async def test_an_anonymous_caller_asks_without_any_token() -> None:
    register = FakeRegister()
    await ask(register, '{ licence(number: "x") { verdict } }')
    assert "authorization" not in register.asked[0].headers


async def test_licences_asked_side_by_side_are_one_call() -> None:
    register = FakeRegister({NUMBER: verdict(), OTHER: verdict(OTHER, "suspended")})
    answer = await ask(
        register,
        f'{{ a: licence(number: "{NUMBER}") {{ verdict }} b: licence(number: "{OTHER}") {{ verdict }} '
        f'c: licence(number: "{NUMBER}") {{ verdict }} }}',
    )
    assert [each["verdict"] for each in answer.json()["data"].values()] == [
        "licensed",
        "suspended",
        "licensed",
    ]
    assert register.bodies() == [{"rows": [{"number": NUMBER}, {"number": OTHER}]}]


@pytest.mark.parametrize("width", [1, 20, 1000])
async def test_practitioners_are_one_call_whatever_the_width_and_come_in_order(width: int) -> None:
    numbers = [f"CR{each:07}X" for each in range(width)][::-1]
    register = FakeRegister(names={numbers[0]: ("Siân", "Rhys")})
    answer = await ask(
        register,
        "query ($n: [String!]!) { practitioners(numbers: $n) { number givenNames licence { verdict } } }",
        variables={"n": numbers},
    )
    found = answer.json()["data"]["practitioners"]
    assert [each["number"] for each in found] == numbers
    assert found[0]["givenNames"] == "Siân"
    assert {each["licence"]["verdict"] for each in found} == {"never_issued"}
    assert len(register.asked) == 1


async def test_another_graph_can_refer_to_a_licence_and_a_practitioner_by_number() -> None:
    register = FakeRegister({NUMBER: verdict()}, names={NUMBER: ("Ann", "Lee")})
    answer = await ask(
        register,
        "query ($r: [_Any!]!) { _entities(representations: $r) { __typename "
        "... on Licence { verdict } ... on Practitioner { familyName } } }",
        variables={
            "r": [
                {"__typename": "Licence", "number": NUMBER},
                {"__typename": "Practitioner", "number": NUMBER},
                {"__typename": "Licence", "number": OTHER},
            ]
        },
    )
    assert answer.json()["data"]["_entities"] == [
        {"__typename": "Licence", "verdict": "licensed"},
        {"__typename": "Practitioner", "familyName": "Lee"},
        {"__typename": "Licence", "verdict": "never_issued"},
    ]
    assert len(register.asked) == 2


@pytest.mark.parametrize("example", EXAMPLES)
async def test_each_saved_example_runs_as_it_is(example: str) -> None:
    answer = await ask(FakeRegister({NUMBER: verdict()}), EXAMPLES[example])
    assert answer.status_code == 200
    assert "errors" not in answer.json()
