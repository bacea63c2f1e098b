"""The competence route: evidence on each standard, judged, decided, and then a holding that counts."""

from tests.callers import association, bearer, registrar
from tests.register import make as register_make
from tests.register.conftest import Register
from tests.register.entry_routes import make
from tests.register.make_licences import apply, decide

SUITE = {
    "code": "guidance-2026",
    "name": "Guidance standards",
    "version": "2026",
    "owner": "An owner",
    "standards": [{"code": "G1", "title": "Give guidance"}, {"code": "G2", "title": "Keep to the code"}],
    "complete": True,
    "source": {"ref": "A paper"},
}
POLICY = {
    "code": "competence-guidance",
    "title": "Competence in guidance",
    "suite": "guidance-2026",
    "required": ["G1", "G2"],
    "framework": "QCF",
    "level": "6",
    "credits": 60,
    "subject": "career_development",
    "effective_from": "2026-11-22",
    "source": {"ref": "A decision of the council"},
}


async def test_competence_in_every_unit_opens_associate_membership(register: Register) -> None:
    number = await register_make.member(register, level="affiliate")
    begun = (await make.begin(register, "competence", policy="competence-level-4")).json()
    route_id = begun["id"]
    assert (begun["status"], begun["waits_for"], len(begun["missing"])) == ("gathering", ["association"], 6)
    assert begun["missing"][-1]["detail"].startswith("Optional parts have to give 15 credits")
    await make.show(register, route_id, *make.MANDATORY[1:], *make.OPTIONAL)
    given = (await make.give(register, route_id, make.MANDATORY[0])).json()
    assert (given["waits_for"][-1], len(given["missing"])) == ("registrar", 1)
    thin = (await make.judge(register, route_id, given["evidence"][-1]["id"], "more_evidence")).json()
    assert [each["code"] for each in thin["missing"]] == ["more-evidence"]
    shown = await make.show(register, route_id, make.MANDATORY[0])
    assert (shown["status"], shown["optional_credits_met"]) == ("assessed", 15)
    granted = (await make.decide(register, route_id)).json()
    assert (granted["status"], granted["missing"], granted["decided_by"]) == ("granted", [], make.DECIDER)
    held = (await register.http.get(f"/v1/holdings/{granted['holding']}", headers=association())).json()
    assert (held["status"], held["method"], held["level"], held["submitted_by"], held["decided_by"]) == (
        "authenticated", "competence_route", "4", "icg-system", make.DECIDER,
    )  # fmt: skip
    level = await register.http.get(f"/v1/practitioners/{number}/deciding-level", headers=registrar())
    assert (level.json()["level"], level.json()["holding_id"]) == ("associate", granted["holding"])
    lines = (await register_make.journal(register))[-3:]
    assert lines == [
        ("holding.declared", number),
        ("entry-route.granted", number),
        ("holding.authenticated", number),
    ]


async def test_a_licence_can_rest_on_competence_that_a_published_policy_recognises(
    register: Register,
) -> None:
    await register_make.member(register)
    await register_make.code_acceptance(register)
    for path, body in (("standards-suites", SUITE), ("competence-policies", POLICY)):
        answer = await register.http.post(f"/v1/{path}", json=body, headers=registrar())
        assert answer.status_code == 201, answer.text
    early = await make.begin(register, "competence", policy="competence-guidance")
    assert (early.status_code, early.json()["code"]) == (409, "competence-policy-not-in-force")
    register.clock.now = register.clock.now.replace(day=22)
    route_id = await make.begun(register, "competence", policy="competence-guidance")
    await make.show(register, route_id, "G1", "G2")
    assert (await make.decide(register, route_id)).status_code == 201
    application = (await apply(register)).json()["id"]
    # Whoever granted the route stands for the evidence, so somebody else has to admit on it.
    own = await decide(register, application, by=make.DECIDER)
    assert (own.status_code, own.json()["code"]) == (403, "authenticator-may-not-admit")
    assert (await decide(register, application, by="registrar-four")).status_code == 201


async def test_four_eyes_on_every_step(register: Register) -> None:
    route_id = await make.assessed_competence(register)
    both = bearer("members:write", "register:decide", subject="two-hats", association="ICG")
    own = await make.decide(register, route_id, by=make.ASSESSOR)
    assert (own.status_code, own.json()["code"]) == (403, "assessor-may-not-decide")
    await register_make.member(register, member_id="2", level="affiliate")
    body = {"route": "competence", "member_id": "2", "policy": "competence-level-4"}
    mine = (await make.post(register, "", body, both)).json()["id"]
    given = await make.give(register, mine, "career-theories")
    judgement = {"evidence": given.json()["evidence"][0]["id"], "judgement": "met", "reasons": "Mine."}
    for path, sent in (
        ("judgements", judgement),
        ("decisions", {"outcome": "refused", "reasons": "Mine."}),
    ):
        answer = await make.post(register, f"/{mine}/{path}", sent, both)
        assert (answer.status_code, answer.json()["code"]) == (403, "submitter-may-not-decide")
    assert (await register_make.events(register))[-1] == "entry-route.evidence-submitted"


async def test_a_route_cannot_begin_twice_and_can_begin_again_when_it_is_over(register: Register) -> None:
    await register_make.member(register)
    first = await make.begun(register, "competence", policy="competence-level-4")
    again = await make.begin(register, "competence", policy="competence-level-4")
    assert (again.status_code, again.json()["code"]) == (409, "entry-route-already-open")
    refused = await make.decide(register, first, "refused")
    assert (refused.status_code, refused.json()["status"], refused.json()["holding"]) == (
        201,
        "refused",
        None,
    )
    assert await make.begun(register, "competence", policy="competence-level-4") > first
    assert (await register_make.events(register))[-2:] == ["entry-route.refused", "entry-route.submitted"]


async def test_what_is_asked_wrongly_is_refused_and_changes_nothing(register: Register) -> None:
    await register_make.member(register)
    route_id = await make.begun(register, "competence", policy="competence-level-4")
    lines = await register_make.events(register)
    begin = {"route": "competence", "member_id": "1", "policy": "competence-level-4"}
    cases = (
        ("", begin | {"member_id": "nobody"}, 404, "no-such-member"),
        ("", begin | {"policy": "none"}, 404, "no-such-competence-policy"),
        ("", begin | {"policy": "\x00"}, 422, "input-not-valid"),
        ("", begin | {"holding": 10**30}, 422, "input-not-valid"),
        ("", begin | {"holding": 1}, 422, "holding-not-needed"),
        ("", begin | {"route": "ladder"}, 422, "input-not-valid"),
        (f"/{route_id}/evidence", {"part": "third", "references": ["x"]}, 422, "no-such-part"),
        (f"/{route_id}/evidence", {"part": "negotiate", "references": []}, 422, "input-not-valid"),
        (f"/{route_id}/evidence", {"part": "negotiate", "references": [""]}, 422, "input-not-valid"),
        (f"/{route_id}/evidence", {"part": "negotiate", "references": ["x" * 301]}, 422, "input-not-valid"),
        ("/9999999/evidence", {"part": "negotiate", "references": ["x"]}, 404, "no-such-entry-route"),
    )
    for path, body, status, code in cases:
        answer = await make.post(register, path, body, association())
        assert (answer.status_code, answer.json()["code"]) == (status, code), (path, body)
    none = await make.judge(register, route_id, 9_999_999)
    assert (none.status_code, none.json()["code"]) == (404, "no-such-evidence")
    early = await make.decide(register, route_id)
    assert (early.status_code, early.json()["code"]) == (409, "not-yet-assessed")
    assert await register_make.events(register) == lines


async def test_lists_show_an_association_its_own_and_a_registrar_all(register: Register) -> None:
    for code in ("ICG", "ACEG"):
        await register_make.member(register, code)
    mine = await make.begun(register, "competence", policy="competence-level-4")
    theirs = await make.begun(register, "competence", "ACEG", policy="competence-level-4")

    async def listed(query: str, headers: dict[str, str]) -> list[int]:
        answer = await register.http.get(f"/v1/entry-routes?{query}", headers=headers)
        return [each["id"] for each in answer.json()["items"]]

    assert await listed("status=gathering", registrar()) == [mine, theirs]
    assert await listed("limit=1&route=competence", registrar()) == [mine]
    assert await listed("", association()) == [mine]
    assert await listed("route=top_up", registrar()) == []
    one = await register.http.get(f"/v1/entry-routes/{mine}", headers=association())
    known = association() | {"If-None-Match": one.headers["etag"]}
    assert (await register.http.get(f"/v1/entry-routes/{mine}", headers=known)).status_code == 304


async def test_a_key_gives_the_first_answer_again(register: Register) -> None:
    await register_make.member(register)
    body = {"route": "competence", "member_id": "1", "policy": "competence-level-4"}
    headers = association() | {"Idempotency-Key": "once"}
    first = await make.post(register, "", body, headers)
    again = await make.post(register, "", body, headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert (await register_make.events(register)).count("entry-route.submitted") == 1
