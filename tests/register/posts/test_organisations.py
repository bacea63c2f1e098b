"""Organisations over HTTP: recorded, described anew, merged into a successor, and their advisers."""

from tests.callers import association, bearer, registrar
from tests.register import make, make_licences
from tests.register.conftest import Register
from tests.register.posts.make_posts import attested, organisation, tell

CRM = bearer("people:read", subject="crm")
BODY = {"name": "Invented Guidance Ltd", "sector": "private", "kind": "company"}


async def test_an_organisation_is_told_by_its_ukprn_and_keeps_its_history(register: Register) -> None:
    path = "/v1/organisations/by-ukprn/99990001"
    first = await register.http.put(path, json=BODY, headers=association())
    again = await register.http.put(path, json=BODY, headers=association("ACEG"))
    other = await register.http.put(path, json=BODY | {"name": "X"}, headers=association("ACEG"))
    assert [each.status_code for each in (first, again, other)] == [201, 200, 409]
    assert other.json()["code"] == "organisation-recorded-by-another"
    before = register.clock.now.isoformat()
    successor = await organisation(register, "99990002", trade_body=first.json()["id"])
    register.clock.now = register.clock.now.replace(hour=12)
    own = f"/v1/organisations/{first.json()['id']}"
    closed = await register.http.post(
        f"{own}/closing", json={"closed_on": "2026-10-31", "successor": successor}, headers=registrar()
    )
    assert (closed.status_code, closed.json()["successor"]) == (201, successor)
    then = await register.http.get(own, params={"known_at": before}, headers=CRM)
    assert (then.json()["closed_on"], then.json()["successor"]) == (None, None)
    page = (await register.http.get("/v1/organisations", params={"limit": 1}, headers=CRM)).json()
    assert ([each["id"] for each in page["items"]], page["next"] is None) == ([first.json()["id"]], False)
    assert await make.journal(register) == [
        ("organisation.recorded", f"organisation:{first.json()['id']}"),
        ("organisation.recorded", f"organisation:{successor}"),
        ("organisation.closed", f"organisation:{first.json()['id']}"),
    ]
    number = await make.member(register)
    assert (await tell(register, number, first.json()["id"], valid_from="2026-11-01")).status_code == 409


async def test_an_organisation_that_cannot_be_is_refused(register: Register) -> None:
    held = await organisation(register)
    own = f"/v1/organisations/{held}/closing"
    closing = {"closed_on": "2026-10-31"}
    answers = [
        await register.http.put("/v1/organisations/by-ukprn/1234", json=BODY, headers=registrar()),
        await register.http.post("/v1/organisations", json=BODY | {"name": " "}, headers=registrar()),
        await register.http.post(
            "/v1/organisations", json=BODY | {"trade_body": 9_999_999}, headers=registrar()
        ),
        await register.http.post(own, json=closing | {"successor": held}, headers=registrar()),
        await register.http.post(own, json=closing, headers=registrar()),
        await register.http.post(own, json=closing, headers=registrar()),
        await register.http.get("/v1/organisations/9999999", headers=CRM),
        await register.http.post("/v1/organisations", json=BODY | {"ukprn": "99990001"}, headers=registrar()),
    ]
    assert [(each.status_code, each.json().get("code")) for each in answers] == [
        (422, "ukprn-malformed"),
        (422, "organisation-name-missing"),
        (422, "organisation-not-known"),
        (422, "successor-not-possible"),
        (201, None),
        (409, "organisation-closed"),
        (404, "no-such-organisation"),
        (409, "changed-meanwhile"),
    ]


async def test_the_advisers_of_a_contractor_are_told_by_what_they_hold(register: Register) -> None:
    employer = await organisation(register)
    numbers = {
        "licensed": await make_licences.licensed(register, "1"),
        "qualified": await make.member(register, member_id="2"),
        "working_towards": await make.member(register, member_id="3"),
        "neither": await make.member(register, member_id="4"),
    }
    await make.authenticated_holding(register, member_id="2")
    await make.holding(register, member_id="3", awarded_on=None, expected_on="2027-07-01")
    for place, number in enumerate(numbers.values()):
        await attested(register, number, employer, school={"value": f"99990{place}"})
    path = f"/v1/organisations/{employer}/advisers"
    report = (await register.http.get(path, headers=CRM)).json()
    assert report["counts"] == dict.fromkeys(numbers, 1)
    assert {each["compliance"]: each["number"] for each in report["items"]} == numbers
    assert [each["expected_on"] for each in report["items"] if each["expected_on"]] == ["2027-07-01"]
    page = (await register.http.get(path, params={"limit": 3}, headers=CRM)).json()
    rest = (await register.http.get(path, params={"after": page["next"]}, headers=CRM)).json()
    assert page["items"] + rest["items"] == report["items"]
    missing = await register.http.get("/v1/organisations/9999999/advisers", headers=CRM)
    assert missing.status_code == 404
