"""The career progression framework over HTTP: one document that anybody reads and any site may embed."""

from tests.register.conftest import Register

PATH = "/v1/career-framework"


async def test_the_framework_is_one_document_that_other_sites_may_embed(register: Register) -> None:
    answer = await register.http.get(PATH, headers={"Origin": "https://elsewhere.example"})
    body = answer.json()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert "access-control-allow-credentials" not in answer.headers
    assert (body["code"], len(body["roles"])) == ("pathway-2015", 17)
    assert [each["code"] for each in body["versions"]] == ["lluk-adult-workforce", "cpa-2012", "pathway-2015"]
    assert body["moves"][0]["from"] == "first_contact"
    again = await register.http.get(PATH, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["access-control-allow-origin"] == "*"


async def test_a_version_is_named_or_chosen_by_the_day(register: Register) -> None:
    named = await register.http.get(PATH, params={"version": "cpa-2012"})
    assert (named.json()["status"], named.json()["roles"]) == ("proposed", [])
    for params, code in (
        ({"valid_at": "2015-04-30"}, "no-framework-in-force"),
        ({"version": "none"}, "no-such-framework"),
    ):
        answer = await register.http.get(PATH, params=params)
        assert (answer.status_code, answer.json()["code"]) == (404, code)
    for params in ({"valid_at": "2026-02-30"}, {"validat": "2026-01-01"}, {"version": "\x00"}):
        answer = await register.http.get(PATH, params=params)
        assert (answer.status_code, answer.json()["code"]) == (422, "input-not-valid")


async def test_a_role_shows_where_it_leads_and_what_leads_to_it(register: Register) -> None:
    answer = await register.http.get(f"{PATH}/roles/practitioner")
    body = answer.json()
    assert [each["to"] for each in body["moves_from"]] == ["specialist_practitioner"]
    assert [each["from"] for each in body["moves_to"]] == ["support"]
    assert {each["specialism"] for each in body["pathways"]} == {"stem", "lmi", "ict", "he", "ldd"}
    assert "gives no level" in body["role"]["unknown"][0]
    assert answer.headers["access-control-allow-origin"] == "*"
    missing = await register.http.get(f"{PATH}/roles/wizard")
    assert (missing.status_code, missing.json()["code"]) == (404, "no-such-role")


async def test_moves_are_chosen_by_where_they_begin_where_they_end_and_kind(register: Register) -> None:
    async def asked(**params: str) -> list[tuple[str, str]]:
        answer = await register.http.get(f"{PATH}/moves", params=params)
        return [(each["from"], each["to"]) for each in answer.json()["items"]]

    assert len(await asked()) == 14
    assert await asked(to="manager") == [("specialist_practitioner", "manager")]
    assert await asked(**{"from": "welfare_to_work_adviser"}, kind="horizontal") == [
        ("welfare_to_work_adviser", "careers_adviser")
    ]
    assert await asked(**{"from": "manager"}, kind="horizontal") == []
    unknown = await register.http.get(f"{PATH}/moves", params={"to": "wizard"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no-such-role")


async def test_responsibilities_and_proposals_are_shown_as_what_they_are(register: Register) -> None:
    leader = (await register.http.get(f"{PATH}/roles/careers_leader")).json()["role"]
    assert leader["track"] == "leader"
    assert [each["text"] for each in leader["responsibilities"]][1] == "Middle leadership"
    assert [each["status"] for each in leader["requirements"]] == ["required", "proposed"]
    assert "within 12 months" in leader["requirements"][1]["source"]["note"]
    coordinator = (await register.http.get(f"{PATH}/roles/careers_coordinator")).json()["role"]
    assert "PSHEE" in coordinator["responsibilities"][0]["text"]
    assert [each["status"] for each in coordinator["requirements"]] == ["proposed"]
