"""Restoration, death, change of name: how standing ends and returns, and what was known of it."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from services.register.operations import integrity
from shared.actor import Actor
from tests.callers import association, registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import apply, impose, licensed, lift, retire, verdict


async def propose(register: Register, number: str, *, by: str = "registrar-one") -> httpx.Response:
    """Propose a restoration and return the answer, whatever it is."""
    return await register.http.post(
        "/v1/restorations",
        json={"number": number, "application_reference": "letter 7", "grounds": "Five years have passed."},
        headers=registrar(by),
    )


async def decide(
    register: Register, place: str, decision: str = "restore", *, by: str = "registrar-two"
) -> httpx.Response:
    """Decide a restoration and return the answer, whatever it is."""
    return await register.http.post(
        f"{place}/decisions",
        json={"decision": decision, "reason": "The panel agrees."},
        headers=registrar(by),
    )


async def died(register: Register, number: str, died_on: str) -> httpx.Response:
    """Record a death and return the answer, whatever it is."""
    return await register.http.post(
        "/v1/deaths",
        json={"number": number, "died_on": died_on, "evidence_reference": "certificate 3"},
        headers=registrar(),
    )


async def test_a_removal_ends_by_a_restoration_that_another_registrar_decides(register: Register) -> None:
    number = await licensed(register)
    removal = (await impose(register, number, "removal")).json()["id"]
    early = await propose(register, number)
    assert (early.status_code, early.json()["code"]) == (409, "restoration-too-early")
    assert "2031-11-21" in early.json()["detail"]
    register.clock.now += timedelta(days=5 * 365 + 1)
    proposed = await propose(register, number)
    assert (proposed.status_code, proposed.json()["status"]) == (201, "proposed")
    assert (await propose(register, number)).json()["code"] == "restoration-already-proposed"
    place = proposed.headers["location"]
    own = await decide(register, place, by="registrar-one")
    assert (own.status_code, own.json()["code"]) == (403, "proposer-may-not-restore")
    assert await verdict(register, number) == "removed"
    assert (await lift(register, removal)).json()["code"] == "removal-ends-only-by-restoration"
    done = await decide(register, place)
    assert (done.status_code, done.json()["status"], done.json()["decided_by"]) == (
        201, "restored", "registrar-two",
    )  # fmt: skip
    assert await verdict(register, number) == "lapsed"
    assert await verdict(register, number, valid_at="2031-11-20") == "removed"
    assert (await make.journal(register))[-1] == ("restoration.decided", number)
    assert (await decide(register, place)).json()["code"] == "restoration-already-decided"
    assert (await propose(register, number)).json()["code"] == "not-removed"
    assert (await apply(register)).status_code == 201
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_of_two_decisions_at_once_one_counts_and_a_refusal_leaves_the_removal(
    register: Register,
) -> None:
    number = await licensed(register)
    await impose(register, number, "removal")
    register.clock.now += timedelta(days=6 * 365)
    place = (await propose(register, number)).headers["location"]
    answers = await asyncio.gather(*(decide(register, place, "refuse") for _ in range(3)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    assert await verdict(register, number) == "removed"
    read = await register.http.get(place, headers=registrar())
    assert (read.status_code, read.json()["status"]) == (200, "refused")


async def test_a_removal_that_ends_otherwise_is_found(register: Register) -> None:
    number = await licensed(register)
    await impose(register, number, "removal")
    async with register.db.transaction(Actor.system("a fault")) as tx:
        await tx.driver.execute(
            "INSERT INTO sanctions (id, corrects, person_id, valid, known, kind, public_reason,"
            " internal_reason, imposed_by) SELECT id, row_id, person_id, daterange(lower(valid), lower(valid)"
            " + 9), tstzrange(now(), NULL), kind, public_reason, internal_reason, imposed_by FROM sanctions"
        )
    found = await integrity.check(register.db, now=register.clock.now)
    assert "a removal that ended without a restoration" in {each.name for each in found}


async def test_after_a_death_the_licence_has_ended_and_nobody_is_called_retired(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += timedelta(days=30)
    answer = await died(register, number, "2026-12-15")
    assert (answer.status_code, answer.json()) == (201, {"number": number, "died_on": "2026-12-15"})
    seen = (await register.http.get(f"/v1/licences/{number}")).json()
    assert (seen["verdict"], seen["reasons"], seen["valid_to"]) == (
        "lapsed", ["holder-deceased"], "2026-12-15",
    )  # fmt: skip
    assert "died" in seen["sentence"]
    assert await verdict(register, number, valid_at="2026-12-15") == "licensed"
    assert (await make.journal(register))[-1] == ("register.deceased", number)
    assert (await died(register, number, "2026-12-16")).json()["code"] == "death-already-recorded"
    assert (await apply(register)).json()["code"] == "holder-has-died"
    assert (await retire(register, number, "2027-01-01")).json()["code"] == "holder-has-died"
    renewal = await register.http.post("/v1/renewals", json={"member_id": "1"}, headers=association())
    assert renewal.json()["code"] == "holder-has-died"
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


@pytest.mark.parametrize(
    ("day", "code"), [("2026-11-22", "death-in-the-future"), ("2026-11-20", "death-before-admission")]
)
async def test_a_day_of_death_that_cannot_be_is_refused(register: Register, day: str, code: str) -> None:
    number = await licensed(register)
    assert (await died(register, number, day)).json()["code"] == code
    assert await verdict(register, number) == "licensed"


async def test_a_death_ends_a_term_that_was_renewed_early(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += timedelta(days=340)
    await register.http.post("/v1/renewals", json={"member_id": "1"}, headers=association())
    assert (await died(register, number, "2027-10-20")).status_code == 201
    for day in ("2027-10-21", "2028-01-01"):
        assert await verdict(register, number, valid_at=day) == "lapsed"
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_a_change_of_name_keeps_the_old_name_and_what_was_known_before(register: Register) -> None:
    number = await licensed(register)
    before = register.clock.now.isoformat().replace("+00:00", "Z")
    register.clock.now += timedelta(days=10)
    body = {
        "member_id": "1",
        "given_names": "Siân",
        "family_name": "Newly-Named",
        "changed_on": "2026-11-28",
        "evidence_reference": "deed 1",
    }
    answer = await register.http.post("/v1/name-changes", json=body, headers=association())
    assert answer.status_code == 201, answer.text
    old = answer.json()["previous_name"]["family_name"]
    assert answer.json()["name"] == {"given_names": "Siân", "family_name": "Newly-Named"}
    assert (await make.journal(register))[-1] == ("name.changed", number)
    place = f"/v1/practitioners/{number}"
    now = (await register.http.get(place, headers=registrar())).json()["practitioner"]
    then = (await register.http.get(place, params={"known_at": before}, headers=registrar())).json()[
        "practitioner"
    ]
    public = (await register.http.get(place, params={"known_at": before})).json()["practitioner"]
    assert (now["family_name"], [each["family_name"] for each in now["previous_names"]]) == (
        "Newly-Named", [old],
    )  # fmt: skip
    assert (then["family_name"], then["previous_names"], public["family_name"]) == (old, [], old)
    again = await register.http.post("/v1/name-changes", json=body, headers=association())
    assert (again.status_code, again.json()["code"]) == (409, "name-unchanged")
    future = await register.http.post(
        "/v1/name-changes", json=body | {"changed_on": "2027-01-01"}, headers=association()
    )
    assert (future.status_code, future.json()["code"]) == (422, "name-change-in-the-future")
    foreign = await register.http.post("/v1/name-changes", json=body, headers=association("ACEG"))
    assert (foreign.status_code, foreign.json()["code"]) == (404, "no-such-member")
