"""Retirements: from the register, by one's association or a registrar, and the way back."""

from datetime import timedelta

import pytest

from tests.callers import association, registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import apply, decide, impose, licensed, retire, verdict


async def test_an_association_retires_its_own_member_by_member_id(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += timedelta(days=10)
    answer = await register.http.post(
        "/v1/retirements",
        json={"member_id": "1", "retired_on": "2026-12-01", "reason": "Well earned."},
        headers=association(),
    )
    assert answer.status_code == 201
    assert answer.json() == {"number": number, "retired_on": "2026-12-01", "reason": "Well earned."}
    assert await verdict(register, number) == "retired"
    assert await verdict(register, number, valid_at="2026-11-30") == "licensed"
    assert (await make.journal(register))[-1] == ("register.retired", number)


async def test_a_retirement_can_be_announced(register: Register) -> None:
    number = await licensed(register)
    assert (await retire(register, number, "2027-01-01")).status_code == 201
    assert await verdict(register, number) == "licensed"
    assert await verdict(register, number, valid_at="2026-12-31") == "licensed"
    assert await verdict(register, number, valid_at="2027-01-01") == "retired"
    for day in ("2026-12-24", "2027-01-01", "2027-02-01"):
        again = await retire(register, number, day)
        assert (again.status_code, again.json()["code"]) == (409, "already-retired")


async def test_a_retired_person_is_admitted_again_with_a_new_licence(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += timedelta(days=10)
    assert (await retire(register, number, "2026-12-01")).status_code == 201
    register.clock.now += timedelta(days=20)
    application_id = (await apply(register)).json()["id"]
    assert (await decide(register, application_id)).status_code == 201
    seen = (await register.http.get(f"/v1/licences/{number}")).json()
    assert (seen["verdict"], seen["valid_from"], seen["valid_to"]) == ("licensed", "2026-12-21", "2027-12-20")
    assert await verdict(register, number, valid_at="2026-12-20") == "retired"
    assert await verdict(register, number, valid_at="2026-11-30") == "licensed"


async def test_a_person_retired_today_can_be_admitted_today(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += timedelta(days=10)
    await retire(register, number, "2026-12-01")
    application_id = (await apply(register)).json()["id"]
    assert (await decide(register, application_id)).status_code == 201
    assert await verdict(register, number) == "licensed"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"retired_on": "2026-12-01"}, 422, "number-or-member-id-missing"),
        ({"retired_on": "2026-12-01", "number": "{number}", "member_id": "1"}, 422,
         "number-or-member-id-missing"),
        ({"retired_on": "2026-11-21", "number": "{number}"}, 409, "retirement-not-after-admission"),
        ({"retired_on": "1900-01-01", "number": "{number}"}, 422, "retirement-in-the-past"),
        ({"retired_on": "2028-01-01", "number": "{number}"}, 422, "retirement-too-far-ahead"),
        ({"retired_on": "31/12/2026", "number": "{number}"}, 422, "input-not-valid"),
        ({"retired_on": "2026-12-01", "number": "CR12345672"}, 404, "no-such-member"),
        ({"retired_on": "2026-12-01", "number": "CR1"}, 400, "malformed-number"),
    ],
)  # fmt: skip
async def test_a_retirement_that_cannot_be_is_refused(
    register: Register, body: dict[str, str], status: int, code: str
) -> None:
    number = await licensed(register)
    lines = await make.events(register)
    sent = {name: value.format(number=number) for name, value in body.items()}
    answer = await register.http.post("/v1/retirements", json=sent, headers=association())
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await make.events(register) == lines


async def test_an_association_does_not_retire_another_ones_member(register: Register) -> None:
    number = await licensed(register)
    for body in ({"number": number}, {"member_id": "1"}):
        answer = await register.http.post(
            "/v1/retirements", json=body | {"retired_on": "2026-12-01"}, headers=association("ACEG")
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-member")
    assert await verdict(register, number) == "licensed"


async def test_who_is_not_on_the_register_does_not_retire(register: Register) -> None:
    number = await make.member(register)
    answer = await retire(register, number, "2026-12-01")
    assert (answer.status_code, answer.json()["code"]) == (409, "not-on-the-register")


async def test_who_has_lapsed_is_off_the_register_whether_or_not_the_job_has_run(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += timedelta(days=365 + 29)
    answer = await retire(register, number, "2028-01-01")
    assert (answer.status_code, answer.json()["code"]) == (409, "not-on-the-register")


async def test_who_was_removed_does_not_retire(register: Register) -> None:
    number = await licensed(register)
    await impose(register, number, "removal")
    answer = await retire(register, number, "2026-12-01", headers=registrar())
    assert (answer.status_code, answer.json()["code"]) == (409, "removed-from-the-register")
