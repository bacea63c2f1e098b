"""Alternative qualification and top up: a holding that is real is found relevant, by two registrars."""

from typing import Any

from tests.callers import association, bearer, registrar
from tests.register import make as register_make
from tests.register.conftest import Register
from tests.register.entry_routes import make
from tests.register.invariants.test_evidence import falsify

SEEN = {
    "method": "certified_copy",
    "evidence_reference": "scan 3",
    "reason": "The certificate is real.",
    "relevant": False,
}


async def holding(register: Register, holding_id: int) -> dict[str, Any]:
    """Return a holding as a registrar sees it."""
    body: dict[str, Any] = (await register.http.get(f"/v1/holdings/{holding_id}", headers=registrar())).json()
    return body


async def level(register: Register, number: str) -> str:
    """Return the highest membership level open to somebody."""
    answer = await register.http.get(f"/v1/practitioners/{number}/deciding-level", headers=registrar())
    found: str = answer.json()["level"]
    return found


async def test_an_alternative_qualification_is_judged_relevant_by_one_and_decided_by_another(
    register: Register,
) -> None:
    number = await register_make.member(register)
    real = await make.unrelated_holding(register)
    assert await level(register, number) == "affiliate"
    route_id = await make.begun(register, "alternative", holding=real)
    shown = await make.show(register, route_id, "relevance")
    assert (shown["status"], [each["code"] for each in shown["missing"]]) == ("assessed", ["decision-waits"])
    granted = (await make.decide(register, route_id)).json()
    assert (granted["status"], granted["holding"]) == ("granted", real)
    held = await holding(register, real)
    assert (held["relevant"], held["status"], held["decided_by"]) == (True, "authenticated", make.DECIDER)
    assert (held["method"], held["reason"]) == ("original_certificate", "All of it was shown.")
    assert await level(register, number) == "professional"
    assert (await register_make.journal(register))[-2:] == [
        ("entry-route.granted", number),
        ("holding.found-relevant", number),
    ]


async def test_a_related_qualification_is_topped_up_by_the_modules_that_a_registrar_names(
    register: Register,
) -> None:
    number = await register_make.member(register)
    related = await make.unrelated_holding(register, qualification="qcg", title=None, awarding_body=None)
    asked = (await make.begin(register, "top_up", holding=related)).json()
    assert (asked["status"], asked["waits_for"], asked["parts"]) == ("requested", ["registrar"], [])
    early = await make.give(register, asked["id"], "M1")
    assert (early.status_code, early.json()["code"]) == (409, "modules-not-named")
    twice = await make.name(register, asked["id"], modules=[make.MODULES[0], make.MODULES[0]])
    assert (twice.status_code, twice.json()["code"]) == (422, "part-named-twice")
    named = (await make.name(register, asked["id"])).json()
    assert (named["status"], named["modules_named_by"]) == ("gathering", make.ASSESSOR)
    assert [each["code"] for each in named["parts"]] == ["M1", "M2"]
    again = await make.name(register, asked["id"])
    assert (again.status_code, again.json()["code"]) == (409, "modules-already-named")
    half = await make.show(register, asked["id"], "M1")
    assert [each["detail"] for each in half["missing"]] == ["“Ethics” (M2): no evidence has been submitted."]
    await make.show(register, asked["id"], "M2")
    # Whoever named the modules judged nothing here and may decide.
    assert (await make.decide(register, asked["id"])).status_code == 201
    assert (await holding(register, related))["relevant"] is True
    assert await level(register, number) == "professional"
    assert (await register_make.events(register))[-2:] == ["entry-route.granted", "holding.found-relevant"]


async def test_a_holding_that_a_route_is_not_for_is_refused(register: Register) -> None:
    await register_make.member(register)
    pending = await make.unrelated_holding(
        register, qualification="level-6-diploma", title=None, framework=None, level=None
    )
    counting = await register_make.authenticated_holding(register)
    claimed = await register_make.holding(register)
    lines = await register_make.events(register)
    for route, held, code in (
        ("top_up", pending, "holding-not-related"),
        ("alternative", counting, "holding-already-relevant"),
        ("alternative", claimed, "holding-not-authenticated-yet"),
    ):
        answer = await make.begin(register, route, holding=held)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert await register_make.events(register) == lines


async def test_another_associations_holding_or_route_looks_like_a_missing_one(register: Register) -> None:
    await register_make.member(register)
    await register_make.member(register, "ACEG")
    held = await make.unrelated_holding(register)
    for holding_id in (held, 9_999_999):
        answer = await make.begin(register, "alternative", "ACEG", holding=holding_id)
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-holding")
    route_id = await make.begun(register, "alternative", holding=held)
    for place in (route_id, 9_999_999):
        seen = await register.http.get(f"/v1/entry-routes/{place}", headers=association("ACEG"))
        given = await make.give(register, place, "relevance", "ACEG")
        back = await make.withdraw(register, place, "ACEG")
        assert {each.json()["code"] for each in (seen, given, back)} == {"no-such-entry-route"}


async def test_who_submitted_the_holding_takes_no_part_in_finding_it_relevant(register: Register) -> None:
    await register_make.member(register)
    both = bearer("members:write", "register:decide", subject="two-hats", association="ICG")
    body = {"member_id": "1", "title": "A Degree", "expected_on": "2026-12-01"}
    held = (await register.http.post("/v1/holdings", json=body, headers=both)).json()["id"]
    # Completed by a colleague, it carries the colleague's name; who declared it stays known.
    steps = (
        ("completion", {"awarded_on": "2026-11-01"}, association()),
        ("authentications", SEEN, registrar()),
    )
    for path, sent, headers in steps:
        answer = await register.http.post(f"/v1/holdings/{held}/{path}", json=sent, headers=headers)
        assert answer.status_code == 201, answer.text
    route_id = await make.begun(register, "alternative", holding=held)
    given = await make.give(register, route_id, "relevance")
    judgement = {"evidence": given.json()["evidence"][0]["id"], "judgement": "met", "reasons": "Mine."}
    decision = {"outcome": "refused", "reasons": "Mine."}
    for path, sent in (("judgements", judgement), ("decisions", decision)):
        answer = await make.post(register, f"/{route_id}/{path}", sent, both)
        assert (answer.status_code, answer.json()["code"]) == (403, "submitter-may-not-decide")


async def test_a_holding_found_false_meanwhile_is_not_made_to_count(register: Register) -> None:
    route_id = await make.assessed_alternative(register)
    held = (await register.http.get(f"/v1/entry-routes/{route_id}", headers=registrar())).json()["holding"]
    assert await falsify(register, held) == 201
    answer = await make.decide(register, route_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "holding-not-authenticated-yet")
    assert (await register_make.events(register))[-1] == "holding.authentication-withdrawn"
    assert (await make.decide(register, route_id, "refused")).status_code == 201
