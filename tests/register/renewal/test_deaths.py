"""A death that was recorded wrongly: corrected by two registrars, for the day or altogether."""

import asyncio
from datetime import date, timedelta

import httpx
import pytest

from services.register.domain.qualification import ReasonMissing
from services.register.domain.renewal.death_correction import (
    TRANSITIONS,
    DeathCorrection,
    DeathCorrectionAlreadyDecided,
    DeathCorrectionChangesNothing,
    DeathCorrectionEvent,
    DeathCorrectionStatus,
    NoDeathRecorded,
    ProposerMayNotCorrect,
    check_change,
    decide,
)
from services.register.operations import integrity
from shared.actor import Actor
from shared.clock import rfc3339
from tests.callers import association, registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import apply, impose, licensed, verdict
from tests.register.renewal.test_endings import died

DAY = date(2026, 12, 15)


async def propose(register: Register, number: str, died_on: str | None) -> httpx.Response:
    """Propose a correction and return the answer, whatever it is."""
    return await register.http.post(
        "/v1/death-corrections",
        json={
            "number": number,
            "died_on": died_on,
            "evidence_reference": "letter 3",
            "grounds": "A namesake.",
        },
        headers=registrar(),
    )


async def rule(
    register: Register, place: str, decision: str = "confirm", *, by: str = "registrar-two"
) -> httpx.Response:
    """Decide a correction and return the answer, whatever it is."""
    return await register.http.post(
        f"{place}/decisions", json={"decision": decision, "reason": "It was seen."}, headers=registrar(by)
    )


async def told(register: Register, number: str, **axes: str) -> tuple[str, list[str], str | None]:
    """Return the verdict on a number, its reasons, and the last day of the licence."""
    seen = (await register.http.get(f"/v1/licences/{number}", params=axes)).json()
    return seen["verdict"], seen["reasons"], seen["valid_to"]


@pytest.mark.parametrize("status", DeathCorrectionStatus)
@pytest.mark.parametrize("event", DeathCorrectionEvent)
def test_a_correction_is_decided_once_and_by_another(
    status: DeathCorrectionStatus, event: DeathCorrectionEvent
) -> None:
    correction = DeathCorrection(died_on=None, proposed_by="one", status=status)
    after = TRANSITIONS.get((status, event))
    if after is None:
        with pytest.raises(DeathCorrectionAlreadyDecided):
            decide(correction, event, by="two", reason="Seen.")
        return
    assert decide(correction, event, by="two", reason=" Seen. ").status is after
    with pytest.raises(ProposerMayNotCorrect):
        decide(correction, event, by="one", reason="Seen.")
    with pytest.raises(ReasonMissing):
        decide(correction, event, by="two", reason=" ")


def test_there_is_a_death_to_correct_and_another_day() -> None:
    with pytest.raises(NoDeathRecorded):
        check_change([], None)
    with pytest.raises(DeathCorrectionChangesNothing, match="2026-12-15"):
        check_change([DAY], DAY)
    check_change([DAY], None)
    check_change([DAY, DAY + timedelta(days=1)], DAY)


async def test_whoever_has_not_died_holds_again_what_they_held(register: Register) -> None:
    number = await licensed(register)
    assert (await propose(register, number, None)).json()["code"] == "no-death-recorded"
    held = await told(register, number)
    register.clock.now += timedelta(days=30)
    assert (await died(register, number, "2026-12-15")).status_code == 201
    dead, dead_at = await told(register, number), rfc3339(register.clock.now)
    register.clock.now += timedelta(days=1)
    proposed = await propose(register, number, None)
    place = proposed.headers["location"]
    assert (proposed.status_code, proposed.json()["status"]) == (201, "proposed")
    assert (await make.journal(register))[-1] == ("death.correction-proposed", number)
    again = await propose(register, number, "2026-12-14")
    assert (again.status_code, again.json()["code"]) == (409, "death-correction-already-proposed")
    own = await rule(register, place, by="registrar-one")
    assert (own.status_code, own.json()["code"]) == (403, "proposer-may-not-correct")
    assert await told(register, number) == dead
    answers = await asyncio.gather(*(rule(register, place) for _ in range(3)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    assert (await make.journal(register))[-1] == ("death.correction-decided", number)
    assert (await make.facts(register, "death.correction-decided")) == [
        {"outcome": "confirmed", "decided_on": "2026-12-22"}
    ]
    assert await told(register, number) == held
    assert await told(register, number, known_at=dead_at) == dead
    read = await register.http.get(place, headers=registrar())
    assert (read.json()["status"], read.json()["decided_by"]) == ("confirmed", "registrar-two")
    register.clock.now += timedelta(days=310)
    renewed = await register.http.post("/v1/renewals", json={"member_id": "1"}, headers=association())
    assert renewed.status_code == 201, renewed.text
    assert (await died(register, number, "2027-10-27")).status_code == 201
    assert (await died(register, number, "2027-10-26")).json()["code"] == "death-already-recorded"
    assert (await told(register, number))[1] == ["holder-deceased"]
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_a_death_moves_to_another_day_and_back(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += timedelta(days=30)
    await died(register, number, "2026-12-15")
    for day, code in (
        ("2026-12-15", "death-correction-changes-nothing"),
        ("2026-12-22", "death-in-the-future"),
        ("2026-11-20", "death-before-admission"),
    ):
        assert (await propose(register, number, day)).json()["code"] == code
    for day in ("2026-12-10", "2026-12-20"):
        register.clock.now += timedelta(minutes=1)
        place = (await propose(register, number, day)).headers["location"]
        assert (await rule(register, place)).status_code == 201
        assert await told(register, number) == ("lapsed", ["holder-deceased"], day)
        assert await verdict(register, number, valid_at=day) == "licensed"
        assert (await make.journal(register))[-2:] == [
            ("death.correction-decided", number), ("register.deceased", number),
        ]  # fmt: skip
    place = (await propose(register, number, None)).headers["location"]
    assert (await rule(register, place, "refuse")).json()["status"] == "refused"
    assert await told(register, number) == ("lapsed", ["holder-deceased"], "2026-12-20")
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_a_licence_that_ran_out_meanwhile_lapses_and_a_bar_stays(register: Register) -> None:
    number = await licensed(register)
    await impose(register, number, "suspension")
    register.clock.now += timedelta(days=30)
    await died(register, number, "2026-12-15")
    register.clock.now += timedelta(days=500)
    place = (await propose(register, number, None)).headers["location"]
    assert (await rule(register, place)).status_code == 201
    assert (await make.events(register))[-2:] == ["death.correction-decided", "licence.lapsed"]
    assert await verdict(register, number, valid_at="2027-01-01") == "suspended"
    assert (await apply(register)).json()["code"] != "holder-has-died"
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_deaths_of_two_records_that_were_merged_are_corrected_together(register: Register) -> None:
    number = await licensed(register)
    other = await make.member(register, "ACEG", "9", family_name="Unlike")
    register.clock.now += timedelta(days=30)
    await died(register, number, "2026-12-15")
    await died(register, other, "2026-12-16")
    body = {"kept_number": number, "retired_number": other, "reason": "One certificate."}
    merged = await register.http.post("/v1/merges", json=body, headers=registrar())
    assert merged.status_code == 201, merged.text
    for day in ("2026-12-15", None):
        place = (await propose(register, other, day)).headers["location"]
        assert (await rule(register, place)).status_code == 201
        assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []
    assert await verdict(register, number) == "licensed"


async def test_a_correction_by_one_alone_is_found(register: Register) -> None:
    number = await licensed(register)
    await died(register, number, "2026-11-21")
    async with register.db.transaction(Actor.system("a fault")) as tx:
        await tx.driver.execute(
            "INSERT INTO deaths (person_id, died_on, evidence_reference, recorded_by, recorded_at, corrects)"
            " SELECT person_id, died_on - 1, evidence_reference, recorded_by, recorded_at, id FROM deaths"
        )
    found = await integrity.check(register.db, now=register.clock.now)
    assert "a death that was corrected without two registrars" in {each.name for each in found}
