"""Jobs: lapsing, tidying, the sample, and the commands that run them."""

import asyncio
import json
from datetime import timedelta

import pytest

from services.register import jobs
from services.register.domain.person import parse_number
from services.register.operations import idempotency_keys, integrity, licences
from services.register.operations.sample import load_sample
from shared.clock import utc_now
from tests.callers import association, registrar
from tests.register import make, make_licences
from tests.register.conftest import Register
from tests.register.job_command import command
from tests.register.make_licences import licensed, verdict


async def test_a_licence_past_its_days_of_grace_lapses_once(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += timedelta(days=364 + 28)
    assert await licences.lapse(register.db, now=register.clock.now) == 0
    register.clock.now += timedelta(days=1)
    assert await verdict(register, number) == "lapsed"
    entry = (await register.http.get(f"/v1/licences/{number}")).json()
    assert await licences.lapse(register.db, now=register.clock.now) == 1
    assert await licences.lapse(register.db, now=register.clock.now) == 0
    after = (await register.http.get(f"/v1/licences/{number}")).json()
    assert {**entry, "journal_position": 0} == {**after, "journal_position": 0}
    assert (await make.facts(register, "licence.lapsed")) == [
        {"valid_to": "2027-11-20", "end_of_grace": "2027-12-18"}
    ]
    closed = await register.db.fetch(
        "SELECT upper(valid) - 1 AS last FROM register_entries WHERE upper_inf(known)"
    )
    assert [str(row["last"]) for row in closed] == ["2027-12-18"]


async def test_licences_lapse_in_batches_and_others_stay(register: Register) -> None:
    for place in range(5):
        await licensed(register, str(place))
    register.clock.now += timedelta(days=200)
    late = await licensed(register, "late")
    register.clock.now += timedelta(days=200)
    assert await licences.lapse(register.db, now=register.clock.now, batch=2) == 5
    assert await verdict(register, late) == "licensed"
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_two_runs_at_once_lapse_each_licence_once(register: Register) -> None:
    for place in range(6):
        await licensed(register, str(place))
    register.clock.now += timedelta(days=400)
    runs = [licences.lapse(register.db, now=register.clock.now, batch=3) for _ in range(3)]
    assert sum(await asyncio.gather(*runs)) == 6
    assert (await make.events(register)).count("licence.lapsed") == 6


async def test_first_answers_are_forgotten_after_two_days(register: Register) -> None:
    number = await licensed(register)
    body = {
        "number": number,
        "kind": "suspension",
        "public_reason": "A complaint.",
        "internal_reason": "Case 1.",
    }
    headers = registrar() | {"Idempotency-Key": "one"}
    assert (await register.http.post("/v1/sanctions", json=body, headers=headers)).status_code == 201
    now = register.clock.now
    assert await idempotency_keys.forget_expired(register.db, now=now + timedelta(hours=47)) == 0
    assert await idempotency_keys.forget_expired(register.db, now=now + timedelta(hours=48)) == 1


async def test_the_sample_has_a_person_for_every_verdict(register: Register) -> None:
    register.clock.now = utc_now()
    people = (await load_sample(register.db, now=register.clock.now))["people"]
    for wanted in (
        "licensed",
        "licensed_with_conditions",
        "not_licensed",
        "lapsed",
        "suspended",
        "removed",
        "retired",
        "merged",
    ):
        assert await verdict(register, people[wanted]["number"]) == wanted
    rows = [
        {"number": people["never_issued"]["number"]},
        {"number": people["malformed"]["number"]},
        people["details_do_not_match"],
    ]
    answer = await register.http.post("/v1/verifications", json={"rows": rows}, headers=registrar())
    outcomes = [each["verdict"] for each in answer.json()["items"]]
    assert outcomes == ["never_issued", "malformed", "details_do_not_match"]
    unissued = await register.http.get(f"/v1/licences/{people['never_issued']['number']}")
    assert unissued.status_code == 404
    assert parse_number(people["never_issued"]["number"])
    kept = await register.http.get(f"/v1/licences/{people['merged']['number']}")
    assert kept.headers["location"].endswith(people["merged"]["kept_number"])
    assert await verdict(register, people["merged"]["kept_number"]) == "licensed"
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_yesterdays_answer_about_the_suspended_sample_differs_from_todays(register: Register) -> None:
    register.clock.now = now = utc_now()
    people = (await load_sample(register.db, now=now))["people"]
    number = people["suspended"]["number"]
    yesterday = (now - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    assert await verdict(register, number, known_at=yesterday) == "licensed"
    assert await verdict(register, number) == "suspended"


async def test_the_sample_person_who_is_ready_can_be_admitted(register: Register) -> None:
    register.clock.now = utc_now()
    ready = (await load_sample(register.db, now=register.clock.now))["people"]["ready_for_admission"]
    assert await verdict(register, ready["number"]) == "not_licensed"
    answer = await make_licences.decide(register, ready["application_id"])
    assert answer.status_code == 201, answer.text
    assert await verdict(register, ready["number"]) == "licensed"


async def test_a_second_run_of_the_sample_changes_nothing(register: Register) -> None:
    register.clock.now = utc_now()
    first = await load_sample(register.db, now=register.clock.now)
    lines = await make.journal(register)
    second = await load_sample(register.db, now=register.clock.now + timedelta(days=40))
    assert second == first
    assert await make.journal(register) == lines


async def test_a_sample_that_was_interrupted_is_completed(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.clock.now = utc_now()
    calls = 0
    real = register.db.transaction

    def failing(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 60:
            raise ConnectionError("the database is gone")
        return real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(register.db, "transaction", failing)
    with pytest.raises(ConnectionError):
        await load_sample(register.db, now=register.clock.now)
    monkeypatch.undo()
    people = (await load_sample(register.db, now=register.clock.now))["people"]
    assert await verdict(register, people["suspended"]["number"]) == "suspended"
    names = [event for event, _ in await make.journal(register)]
    # That of the sample, and one that was undone.
    assert (names.count("people.merged"), names.count("people.parted")) == (2, 1)


async def test_the_commands_run_and_say_what_they_did(register: Register) -> None:
    lapsed = await asyncio.to_thread(command, register, "lapse-licences")
    assert (lapsed.returncode, lapsed.stdout) == (0, "0 licences lapsed\n")
    forgotten = await asyncio.to_thread(command, register, "forget-expired-keys")
    assert (forgotten.returncode, forgotten.stdout) == (0, "0 keys deleted\n")
    loaded = await asyncio.to_thread(command, register, "load-reference")
    assert (loaded.returncode, loaded.stdout) == (0, "")
    sound = await asyncio.to_thread(command, register, "integrity")
    assert (sound.returncode, sound.stdout) == (0, "")


async def test_prepare_returns_the_sample_in_development_and_nothing_in_production(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTER_DATABASE_URL", register.urls.app)
    monkeypatch.setenv("REGISTER_ENVIRONMENT", "production")
    assert await jobs.prepare({}) == {}
    monkeypatch.setenv("REGISTER_ENVIRONMENT", "development")
    made = await jobs.prepare({})
    assert json.loads(json.dumps(made)) == made
    assert set(made["people"]) >= {"licensed", "ready_for_admission", "details_do_not_match"}
    assert (await register.http.get("/v1/applications", headers=association())).status_code == 200
