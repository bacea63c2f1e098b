"""Sanctions: imposed, shown by the next answer, lifted; what they did stays readable."""

from datetime import timedelta

import pytest

from shared.clock import rfc3339
from tests.callers import association, registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import DECIDER, impose, licensed, lift, verdict


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("conditions", "licensed_with_conditions"),
        ("interim_suspension", "suspended"),
        ("suspension", "suspended"),
        ("removal", "removed"),
    ],
)
async def test_the_next_answer_shows_a_sanction(register: Register, kind: str, wanted: str) -> None:
    number = await licensed(register)
    conditions = "Works under supervision." if kind == "conditions" else None
    answer = await impose(register, number, kind, conditions=conditions)
    assert answer.status_code == 201
    seen = await register.http.get(f"/v1/licences/{number}")
    assert seen.json()["verdict"] == wanted
    assert [each["kind"] for each in seen.json()["sanctions"]] == [kind]
    assert "Case 4711" not in seen.text
    assert (await make.journal(register))[-2] == ("sanction.imposed", number)


async def test_a_sanction_is_read_back_by_registrars_only(register: Register) -> None:
    number = await licensed(register)
    answer = await impose(register, number)
    body = answer.json()
    assert body | {"id": 0} == {
        "id": 0,
        "number": number,
        "kind": "suspension",
        "status": "imposed",
        "public_reason": "A complaint is upheld.",
        "internal_reason": "Case 4711.",
        "conditions": None,
        "valid_from": "2026-11-21",
        "valid_to": None,
        "imposed_by": DECIDER,
        "imposed_at": "2026-11-21T09:30:00Z",
        "lifted_by": None,
        "lifted_at": None,
        "lifted_reason": None,
    }
    path = answer.headers["location"]
    assert (await register.http.get(path, headers=registrar())).json() == body
    listed = await register.http.get("/v1/sanctions", params={"number": number}, headers=registrar())
    assert listed.json() == {"items": [body], "next": None}
    for address in (path, "/v1/sanctions"):
        assert (await register.http.get(address)).status_code == 401
        assert (await register.http.get(address, headers=association())).status_code == 403


async def test_a_lifted_suspension_leaves_what_it_did(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += timedelta(days=10)
    sanction = (await impose(register, number)).json()
    suspended_at = register.clock.now
    register.clock.now += timedelta(days=5)
    answer = await lift(register, sanction["id"])
    assert (answer.status_code, answer.json()["status"]) == (201, "lifted")
    assert (answer.json()["valid_from"], answer.json()["valid_to"]) == ("2026-12-01", "2026-12-05")
    assert answer.json()["lifted_reason"] == "The appeal was allowed."
    assert await verdict(register, number) == "licensed"
    assert await verdict(register, number, valid_at="2026-12-05") == "suspended"
    assert await verdict(register, number, valid_at="2026-11-30") == "licensed"
    later = rfc3339(suspended_at + timedelta(hours=1))
    assert await verdict(register, number, valid_at="2026-12-06", known_at=later) == "suspended"
    assert (await make.journal(register))[-2] == ("sanction.lifted", number)


async def test_a_sanction_lifted_on_its_first_day_held_for_no_day(register: Register) -> None:
    number = await licensed(register)
    sanction = (await impose(register, number)).json()
    answer = await lift(register, sanction["id"])
    assert (answer.json()["valid_from"], answer.json()["valid_to"]) == ("2026-11-21", "2026-11-20")
    assert await verdict(register, number) == "licensed"
    again = await register.http.get(f"/v1/sanctions/{sanction['id']}", headers=registrar())
    assert again.json()["status"] == "lifted"
    twice = await lift(register, sanction["id"])
    assert (twice.status_code, twice.json()["code"]) == (409, "sanction-already-lifted")


async def test_a_suspension_can_begin_and_end_on_given_days(register: Register) -> None:
    number = await licensed(register)
    answer = await impose(register, number, valid_from="2026-12-01", valid_to="2026-12-10")
    assert answer.status_code == 201
    days = {"2026-11-30": "licensed", "2026-12-01": "suspended", "2026-12-10": "suspended"}
    for day, wanted in (days | {"2026-12-11": "licensed"}).items():
        assert await verdict(register, number, valid_at=day) == wanted
    register.clock.now += timedelta(days=30)
    over = await lift(register, answer.json()["id"])
    assert (over.status_code, over.json()["code"]) == (409, "sanction-already-over")


async def test_a_removal_is_not_lifted(register: Register) -> None:
    number = await licensed(register)
    sanction = (await impose(register, number, "removal")).json()
    lines = await make.events(register)
    answer = await lift(register, sanction["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "removal-ends-only-by-restoration")
    assert await make.events(register) == lines


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"kind": "conditions"}, 422, "conditions-missing"),
        ({"conditions": "Under supervision."}, 422, "conditions-not-expected"),
        ({"public_reason": "  "}, 422, "public-reason-missing"),
        ({"internal_reason": " "}, 422, "internal-reason-missing"),
        ({"kind": "removal", "valid_to": "2027-01-01"}, 422, "removal-has-no-end"),
        ({"valid_to": "2026-11-20"}, 422, "sanction-ends-before-it-starts"),
        ({"number": "CR12345670"}, 400, "malformed-number"),
        ({"number": "nonsense"}, 400, "malformed-number"),
        ({"kind": "scolding"}, 422, "input-not-valid"),
        ({"valid_from": "2026-02-30"}, 422, "input-not-valid"),
        ({"valid_from": 0}, 422, "input-not-valid"),
        ({"valid_to": "9999-12-31"}, 422, "input-not-valid"),
        ({"public_reason": "\x00"}, 422, "input-not-valid"),
        ({"lifted_by": "me"}, 422, "input-not-valid"),
    ],
)
async def test_a_sanction_that_cannot_be_is_refused_and_changes_nothing(
    register: Register, changes: dict[str, object], status: int, code: str
) -> None:
    number = await licensed(register)
    lines = await make.events(register)
    answer = await impose(register, **({"number": number} | changes))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await make.events(register) == lines
    assert await verdict(register, number) == "licensed"


async def test_who_was_never_on_the_register_is_not_sanctioned(register: Register) -> None:
    number = await make.member(register)
    answer = await impose(register, number)
    assert (answer.status_code, answer.json()["code"]) == (409, "never-on-the-register")


async def test_nobody_is_sanctioned_under_a_number_that_nobody_has(register: Register) -> None:
    answer = await impose(register, "CR12345672")
    assert answer.status_code == 404
    assert (await lift(register, 999_999)).status_code == 404


async def test_two_suspensions_stand_side_by_side_and_the_last_to_end_decides(register: Register) -> None:
    number = await licensed(register)
    first = (await impose(register, number, "interim_suspension")).json()
    await impose(register, number, "suspension", valid_to="2026-12-24")
    await lift(register, first["id"])
    assert await verdict(register, number) == "suspended"
    assert await verdict(register, number, valid_at="2026-12-25") == "licensed"
