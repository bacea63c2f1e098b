"""The three strands side by side: each from its service, an unknown never hidden, one day for all."""

import json
from typing import Any

import httpx
import pytest

from services.gateway.domain.assurance import Holds, Overall, Strand, overall
from services.gateway.operations.assurance_policies import every
from tests.gateway.front import NUMBER, FakeRegister, client_of, make_app, verdict
from tests.gateway.neighbours import FakeKitemark

SCHOOL, PROVIDER, OTHER = "100001", "10000001", "CR76543210"
QUERY = """query ($school: String, $adviser: String, $provider: String, $day: Date) {
    assurance(school: $school, adviser: $adviser, provider: $provider, validAt: $day) {
        overall policyVersion validAt strands { strand subject holds word source } } }"""


def post(number: str = NUMBER, role: str = "careers_adviser", ukprn: str | None = PROVIDER) -> dict[str, Any]:
    return {
        "id": 1, "number": number, "name": "Ann Lee", "employer": {"ukprn": ukprn, "name": "An employer"},
        "school": {"scheme": "urn", "value": SCHOOL}, "role": role, "basis": "commissioned",
        "independent": True, "valid_from": "2026-01-01", "valid_to": None,
    }  # fmt: skip


async def ask(
    kitemark: FakeKitemark, register: FakeRegister, query: str = QUERY, **variables: Any
) -> dict[str, Any]:
    app = make_app(register, kitemark=httpx.MockTransport(kitemark))
    async with client_of(app) as http:
        answer = await http.post("/graphql", json={"query": query, "variables": variables})
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("strands", "together"),
    [
        ([], Overall.INCOMPLETE),
        ([Holds.YES], Overall.ASSURED),
        ([Holds.YES, Holds.UNKNOWN], Overall.INCOMPLETE),
        ([Holds.UNKNOWN, Holds.NO], Overall.NOT_ASSURED),
        ([Holds.YES, Holds.NO], Overall.NOT_ASSURED),
    ],
)
def test_the_whole_is_assured_only_where_everything_holds(strands: list[Holds], together: Overall) -> None:
    assert overall(strands) is together


def test_a_word_that_the_policy_does_not_name_is_unknown() -> None:
    (policy,) = every()
    assert policy.reading(Strand.SCHOOL, "unknown") is Holds.UNKNOWN
    assert policy.reading(Strand.ADVISER, "malformed") is Holds.UNKNOWN


async def test_an_adviser_a_school_and_a_provider_are_answered_by_one_call_each() -> None:
    kitemark, register = FakeKitemark(), FakeRegister({NUMBER: verdict()})
    body = await ask(kitemark, register, school=SCHOOL, adviser=NUMBER, provider=PROVIDER, day="2026-03-29")
    found = body["data"]["assurance"]
    assert found["overall"] == "assured"
    assert [(each["strand"], each["subject"], each["word"], each["source"]) for each in found["strands"]] == [
        ("adviser", NUMBER, "licensed", "register"),
        ("school", SCHOOL, "fully_meets", "kitemark"),
        ("provider", PROVIDER, "compliant", "kitemark"),
    ]
    assert all(json.loads(each.content)["valid_at"] == "2026-03-29" for each in kitemark.asked)
    assert (len(register.asked), len(kitemark.asked)) == (1, 2)


async def test_a_whole_school_is_everybody_who_is_posted_there_and_who_employs_them() -> None:
    register = FakeRegister({NUMBER: verdict(), OTHER: verdict(OTHER, "suspended")})
    register.posts[SCHOOL] = [post(), post(OTHER, ukprn=None), post("CR00000001", role="careers_leader")]
    body = await ask(FakeKitemark(), register, school=SCHOOL)
    found = body["data"]["assurance"]
    assert found["overall"] == "not_assured"
    assert [(each["strand"], each["subject"], each["holds"]) for each in found["strands"]] == [
        ("adviser", NUMBER, "yes"),
        ("adviser", OTHER, "no"),
        ("school", SCHOOL, "yes"),
        ("provider", PROVIDER, "yes"),
    ]


async def test_a_school_without_a_known_adviser_is_incomplete_and_no_accusation() -> None:
    body = await ask(FakeKitemark(), FakeRegister(), school=SCHOOL)
    found = body["data"]["assurance"]
    assert found["overall"] == "incomplete"
    assert [(each["strand"], each["holds"]) for each in found["strands"]] == [
        ("adviser", "unknown"), ("school", "yes"),
    ]  # fmt: skip


async def test_a_dead_service_leaves_its_strand_unknown() -> None:
    body = await ask(
        FakeKitemark(status=500),
        FakeRegister({NUMBER: verdict()}),
        school=SCHOOL,
        adviser=NUMBER,
        provider=PROVIDER,
    )
    found = body["data"]["assurance"]
    assert found["overall"] == "incomplete"
    assert [each["holds"] for each in found["strands"]] == ["yes", "unknown", "unknown"]
    assert "errors" not in body


async def test_a_careers_leaders_licence_is_none_for_guidance() -> None:
    said = verdict(may_give_personal_guidance=False, scopes=["careers_leadership"])
    body = await ask(FakeKitemark(), FakeRegister({NUMBER: said}), adviser=NUMBER)
    assert body["data"]["assurance"]["strands"][0]["holds"] == "no"


async def test_nothing_to_assure_is_refused() -> None:
    body = await ask(FakeKitemark(), FakeRegister())
    assert body["errors"][0]["extensions"]["refusal"] == "nothing-to-assure"


async def test_schools_their_posts_and_their_marks_cost_one_call_to_each_service_and_edge() -> None:
    urns = [f"{each:06}" for each in range(100001, 100201)]
    register, kitemark = FakeRegister({NUMBER: verdict()}), FakeKitemark("committed", "not_compliant")
    register.posts |= {urn: [post()] for urn in urns}
    body = await ask(
        kitemark,
        register,
        """query ($u: [String!]!) { schools(urns: $u) { urn mark { mark validTo }
            careersLeader { number } posts { number role licence { verdict }
            provider { ukprn compliance { answer reasons } } } } }""",
        u=urns,
    )
    found = body["data"]["schools"]
    assert [each["urn"] for each in found] == urns
    assert found[0]["mark"]["mark"] == "committed"
    assert found[0]["posts"][0]["licence"]["verdict"] == "licensed"
    assert found[0]["posts"][0]["provider"]["compliance"] == {"answer": "not_compliant", "reasons": ["held"]}
    assert (len(register.asked), len(kitemark.asked)) == (2, 2)


async def test_another_graph_can_refer_to_a_school_and_a_provider() -> None:
    query = """query ($r: [_Any!]!) { _entities(representations: $r) { __typename
        ... on School { mark { mark } } ... on GuidanceProvider { compliance { answer } } } }"""
    representations = [
        {"__typename": "School", "urn": SCHOOL}, {"__typename": "GuidanceProvider", "ukprn": PROVIDER},
    ]  # fmt: skip
    body = await ask(FakeKitemark(), FakeRegister(), query, r=representations)
    assert body["data"]["_entities"] == [
        {"__typename": "School", "mark": {"mark": "fully_meets"}},
        {"__typename": "GuidanceProvider", "compliance": {"answer": "compliant"}},
    ]
