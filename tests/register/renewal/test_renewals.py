"""Renewals: the window, what is asked, the neighbour that may be silent, and races."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from services.register.clients.cpd import CpdClient
from services.register.operations import integrity, licences
from services.register.operations.renewal import reminders
from tests.callers import association, registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import impose, licensed, retire, verdict

# The clock stands at 21 November 2026, so that a licence issued then ends with 20 November 2027.
IN_WINDOW = timedelta(days=340)
IN_GRACE = timedelta(days=364 + 10)


async def renew(register: Register, member_id: str = "1", **headers: str) -> httpx.Response:
    """Ask for a renewal and return the answer, whatever it is."""
    return await register.http.post(
        "/v1/renewals", json={"member_id": member_id}, headers=association() | headers
    )


def neighbour(register: Register, answer: Any) -> None:
    """Let the CPD service answer in this way."""
    register.app.state.cpd = CpdClient("http://cpd.test", transport=httpx.MockTransport(answer))


async def test_renewed_early_the_new_term_runs_from_the_old_expiry(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += IN_WINDOW
    answer = await renew(register)
    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert (said["term_from"], said["valid_from"], said["valid_to"]) == (
        "2027-11-21", "2027-11-21", "2028-11-20",
    )  # fmt: skip
    assert (said["cpd_standing"], said["notices"][0]["code"]) == ("unknown", "cpd-unknown")
    for day in ("2027-11-20", "2027-11-21", "2028-11-20"):
        assert await verdict(register, number, valid_at=day) == "licensed"
    assert await verdict(register, number, valid_at="2028-11-21") == "lapsed"
    assert (await make.journal(register))[-1] == ("licence.renewed", number)
    read = await register.http.get(answer.headers["location"], headers=association())
    assert (read.status_code, read.json()) == (200, said)
    again = await renew(register)
    assert (again.status_code, again.json()["code"]) == (409, "renewal-not-open")
    register.clock.now += timedelta(days=364 + 40 + 29)
    assert await licences.lapse(register.db, now=register.clock.now) == 1
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_renewed_late_the_term_gains_nothing_and_the_days_between_stay_without_a_licence(
    register: Register,
) -> None:
    number = await licensed(register)
    register.clock.now += IN_GRACE
    assert await verdict(register, number) == "lapsed"
    said = (await renew(register)).json()
    assert (said["term_from"], said["valid_from"], said["valid_to"]) == (
        "2027-11-21", "2027-11-30", "2028-11-20",
    )  # fmt: skip
    assert await verdict(register, number) == "licensed"
    assert await verdict(register, number, valid_at="2027-11-29") == "lapsed"


async def test_what_is_missing_is_explained_and_refused(register: Register) -> None:
    number = await licensed(register)
    await impose(register, number)
    path = f"/v1/practitioners/{number}/renewal"
    early = (await register.http.get(path, headers=association())).json()
    assert (early["may_renew"], early["opens_on"], early["renew_by"]) == (False, "2027-09-21", "2027-12-18")
    assert [each["code"] for each in early["missing"]] == ["renewal-not-open", "renewal-barred"]
    register.clock.now += IN_WINDOW
    lines = await make.events(register)
    answer = await renew(register)
    assert (answer.status_code, answer.json()["code"]) == (409, "renewal-barred")
    assert await make.events(register) == lines
    foreign = await register.http.get(path, headers=association("ACEG"))
    assert (foreign.status_code, foreign.json()["code"]) == (404, "never-issued")


async def test_after_the_days_of_grace_it_is_too_late_whether_or_not_the_job_has_run(
    register: Register,
) -> None:
    await licensed(register)
    register.clock.now += timedelta(days=364 + 29)
    before = await renew(register)
    await licences.lapse(register.db, now=register.clock.now)
    after = await renew(register)
    assert [each.json()["code"] for each in (before, after)] == ["grace-period-over"] * 2


async def test_who_has_retired_or_never_held_a_licence_has_none_to_renew(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += IN_WINDOW
    await retire(register, number, "2027-11-01")
    await make.member(register, member_id="2")
    for member_id in ("1", "2"):
        assert (await renew(register, member_id)).json()["code"] == "no-licence-to-renew"
    assert (await renew(register, "nobody")).json()["code"] == "no-such-member"


@pytest.mark.parametrize(
    ("standing", "status", "notices"),
    [
        ("met", 201, []),
        ("under_audit", 201, ["cpd-under-audit"]),
        ("short", 409, None),
    ],
)
async def test_what_a_standing_means_is_said_by_policy(
    register: Register, standing: str, status: int, notices: list[str] | None
) -> None:
    number = await licensed(register)
    register.clock.now += IN_WINDOW
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"standing": standing, "policy_version": "cpd-1"})

    neighbour(register, answer)
    said = await renew(register)
    assert said.status_code == status
    assert str(asked[0].url) == f"http://cpd.test/v1/standing/{number}?valid_at=2027-10-27"
    assert asked[0].headers["authorization"].startswith("Bearer ")
    if notices is None:
        assert said.json()["code"] == "cpd-refuses-renewal"
    else:
        assert (said.json()["cpd_standing"], said.json()["cpd_policy"]) == (standing, "cpd-1")
        assert [each["code"] for each in said.json()["notices"]] == notices


async def test_a_neighbour_that_says_nothing_that_can_be_read_leaves_the_standing_unknown(
    register: Register,
) -> None:
    number = await licensed(register)
    register.clock.now += IN_WINDOW

    def dead(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there", request=request)

    async def slow(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        return httpx.Response(200)

    answers: list[Any] = [
        dead,
        slow,
        lambda _: httpx.Response(500),
        lambda _: httpx.Response(404, json={"code": "no-such-number", "detail": "Nobody."}),
        lambda _: httpx.Response(200, content=b"<html>"),
        lambda _: httpx.Response(200, json=["met"]),
        lambda _: httpx.Response(200, json={"standing": "splendid"}),
        lambda _: httpx.Response(307, headers={"location": "http://elsewhere.test"}),
    ]
    for each in answers:
        neighbour(register, each)
        found = await register.http.get(f"/v1/practitioners/{number}/renewal", headers=association())
        assert (found.json()["cpd_standing"], found.json()["may_renew"]) == ("unknown", True)


async def test_of_two_renewals_at_once_one_is_granted(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += IN_WINDOW
    answers = await asyncio.gather(*(renew(register) for _ in range(6)))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 5
    assert (await make.journal(register)).count(("licence.renewed", number)) == 1


async def test_a_renewal_and_a_suspension_at_once_leave_the_person_suspended(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += IN_WINDOW
    renewed, suspended = await asyncio.gather(renew(register), impose(register, number))
    assert suspended.status_code == 201
    assert renewed.status_code == 201 or renewed.json()["code"] == "renewal-barred"
    assert await verdict(register, number) == "suspended"
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_a_renewal_on_the_last_day_of_grace_and_the_job_do_not_both_have_it(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += timedelta(days=364 + 28)
    renewed, lapsed = await asyncio.gather(
        renew(register), licences.lapse(register.db, now=register.clock.now + timedelta(days=1))
    )
    assert (renewed.status_code == 201) != (lapsed == 1)
    assert await verdict(register, number) == ("licensed" if renewed.status_code == 201 else "lapsed")
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_each_reminder_is_written_once_and_none_after_the_renewal(register: Register) -> None:
    number = await licensed(register)
    end = date(2027, 11, 20)
    register.clock.now += timedelta(days=364 - 61)
    assert await reminders.remind(register.db, now=register.clock.now) == 0
    for _ in range(20):
        register.clock.now += timedelta(days=1)
        await asyncio.gather(*(reminders.remind(register.db, now=register.clock.now) for _ in range(2)))
    register.clock.now += timedelta(days=16)
    assert await reminders.remind(register.db, now=register.clock.now) == 1
    listed = await register.http.get("/v1/renewals/reminders", params={"limit": 1}, headers=association())
    rest = await register.http.get(
        "/v1/renewals/reminders", params={"after": listed.json()["next"]}, headers=association()
    )
    found = [*listed.json()["items"], *rest.json()["items"]]
    assert [(each["number"], each["member_id"], each["days_before"]) for each in found] == [
        (number, "1", 60), (number, "1", 28),
    ]  # fmt: skip
    assert found[0]["licence_ends_on"] == end.isoformat()
    others = await register.http.get("/v1/renewals/reminders", headers=association("ACEG"))
    assert others.json()["items"] == []
    assert (await make.journal(register)).count(("renewal.reminder-due", number)) == 2
    assert (await renew(register)).status_code == 201
    register.clock.now += timedelta(days=20)
    assert await reminders.remind(register.db, now=register.clock.now) == 0


async def test_a_registrar_reads_a_renewal_and_other_associations_do_not(register: Register) -> None:
    await licensed(register)
    register.clock.now += IN_WINDOW
    place = (await renew(register)).headers["location"]
    assert (await register.http.get(place, headers=registrar())).status_code == 200
    foreign = await register.http.get(place, headers=association("ACEG"))
    assert (foreign.status_code, foreign.json()["code"]) == (404, "no-such-renewal")
