"""Gap analysis over HTTP: of one's own members, of anybody for a registrar, and of what anybody types."""

from datetime import timedelta
from typing import Any

from shared.clock import rfc3339
from tests.callers import association, registrar
from tests.register import make as register_make
from tests.register.conftest import Register
from tests.register.entry_routes import make


async def gaps(
    register: Register, number: str, headers: dict[str, str], role: str = "careers_adviser", **params: str
) -> dict[str, Any]:
    """Compare somebody with a role and return the answer's body."""
    answer = await register.http.get(
        f"/v1/practitioners/{number}/career-gaps", params={"role": role} | params, headers=headers
    )
    body: dict[str, Any] = answer.json()
    return body


async def test_a_member_is_told_what_is_held_and_what_would_close_the_gap(register: Register) -> None:
    number = await register_make.member(register)
    before = await gaps(register, number, association())
    (gap,) = before["gaps"]
    assert (before["complete"], gap["status"], gap["requirement"]) == (False, "missing", "scope")
    closing = {each["code"]: each for each in gap["closings"]}
    assert closing["qcd"]["unknown"] == [
        "Its framework and level are not known.", "Its size in credits is not known.",
    ]  # fmt: skip
    assert {each["certainty"] for each in closing.values()} == {"may_close"}
    assert "level-4-diploma" not in closing
    asked_at = rfc3339(register.clock.now)
    register.clock.now += timedelta(hours=1)
    await register_make.authenticated_holding(register)
    after = await gaps(register, number, association())
    assert (after["complete"], after["gaps"][0]["met_by"]) == (True, register_make.LISTED["title"])
    assert (await gaps(register, number, registrar(), known_at=asked_at))["complete"] is False
    assert (await gaps(register, number, registrar(), valid_at="2015-06-30"))["complete"] is False
    ahead = await gaps(register, number, registrar(), valid_at="2027-06-30")
    assert (after["notes"], ahead["notes"]) == ([], ["valid-at-is-in-the-future"])


async def test_an_association_compares_by_what_it_declared_itself(register: Register) -> None:
    shared = {"family_name": "Shared", "date_of_birth": "1980-02-29"}
    number = await register_make.member(register, **shared)
    await register_make.authenticated_holding(register)
    await register_make.put_member(
        register, "ACEG", "9", level="professional", registration_number=number, **shared
    )
    assert (await gaps(register, number, association("ACEG")))["gaps"][0]["status"] == "missing"
    assert (await gaps(register, number, registrar()))["complete"] is True
    foreign = await gaps(register, number, association("NAEGA"))
    unissued = await gaps(register, "CR00000001", association("NAEGA"))
    assert (foreign["code"], unissued["code"]) == ("never-issued", "never-issued")


async def test_competence_that_was_granted_counts_towards_a_role(register: Register) -> None:
    route_id = await make.assessed_competence(register)
    number = (await register.http.get(f"/v1/entry-routes/{route_id}", headers=registrar())).json()[
        "registration_number"
    ]
    assert (await gaps(register, number, registrar(), "support"))["complete"] is False
    assert (await make.decide(register, route_id)).status_code == 201
    after = await gaps(register, number, association(), "support")
    assert (after["complete"], after["gaps"][0]["met_by"][:16]) == (True, "Competence shown")


async def test_anybody_compares_what_they_type_in(register: Register) -> None:
    lines = await register_make.events(register)
    body = {
        "role": "support",
        "holdings": [
            {"title": "An NVQ", "framework": "NVQ", "level": "4"},
            {"qualification": "level-4-diploma", "working_towards": True},
        ],
        "competences": [{"suite": "level-4-diploma-units", "standard": "negotiate"}],
    }
    answer = await register.http.post("/v1/career-gaps", json=body)
    (gap,) = answer.json()["gaps"]
    assert (answer.status_code, answer.json()["complete"], gap["status"]) == (200, False, "open")
    assert "another framework’s level does not stand in for it" in gap["detail"]
    closing = {(each["kind"], each["code"]): each["certainty"] for each in gap["closings"]}
    assert closing["competence_policy", "competence-level-4"] == "closes"
    body["holdings"] = [{"qualification": "level-4-diploma"}]
    assert (await register.http.post("/v1/career-gaps", json=body)).json()["complete"] is True
    unknown = await register.http.post("/v1/career-gaps", json={"role": "practitioner"})
    assert (unknown.json()["complete"], unknown.json()["gaps"]) == (None, [])
    assert await register_make.events(register) == lines


async def test_what_is_asked_wrongly_is_refused(register: Register) -> None:
    cases: tuple[tuple[dict[str, Any], int, str], ...] = (
        ({"role": "wizard"}, 404, "no-such-role"),
        ({}, 422, "input-not-valid"),
        ({"role": "\x00"}, 422, "input-not-valid"),
        ({"role": "support", "holdings": [{"title": "A", "level": 4}]}, 422, "input-not-valid"),
        ({"role": "support", "holdings": [{"title": "A", "credits": 10**12}]}, 422, "input-not-valid"),
        ({"role": "support", "holdings": [{"title": "A", "level": "4"}]}, 422, "qualification-not-described"),
        ({"role": "support", "holdings": [{"qualification": "none"}]}, 422, "qualification-not-described"),
        ({"role": "support", "holdings": [{}] * 51}, 422, "input-not-valid"),
        ({"role": "support", "name": "Ann"}, 422, "input-not-valid"),
    )
    for body, status, code in cases:
        answer = await register.http.post("/v1/career-gaps", json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    number = await register_make.member(register)
    assert (await gaps(register, number, association(), "wizard"))["code"] == "no-such-role"
    assert (await gaps(register, "nonsense", association()))["code"] == "malformed-number"
    nothing = await register.http.get(f"/v1/practitioners/{number}/career-gaps", headers=association())
    assert (nothing.status_code, nothing.json()["code"]) == (422, "input-not-valid")
