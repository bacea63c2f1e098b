"""Possible duplicates: found, decided by a registrar, joined without rewriting anything."""

import asyncio
from datetime import timedelta

from services.register.operations import integrity
from shared.clock import rfc3339
from tests.callers import association, registrar
from tests.register import make, make_licences
from tests.register.conftest import Register
from tests.register.make_licences import applicant, apply, impose, licensed, retire, verdict

NAME = {"given_names": "Máire", "family_name": "Double", "date_of_birth": "1970-01-01"}


async def two_records(
    register: Register, *, first_licensed: bool = False, first_member_id: str = "1"
) -> tuple[str, str, int]:
    """Make two records of one name and birth; return both numbers and the possible duplicate."""
    if first_licensed:
        first = await licensed(register, first_member_id, **NAME)
    else:
        first = await make.member(register, "ICG", first_member_id, **NAME)
    second = await make.member(register, "ACEG", "9", **NAME)
    answer = await register.http.get("/v1/possible-duplicates?status=open", headers=registrar())
    (found,) = answer.json()["items"]
    assert {found["first_number"], found["second_number"]} == {first, second}
    return first, second, found["id"]


async def say(register: Register, duplicate_id: int, outcome: str, **more: object):
    """Decide and return the answer, whatever it is."""
    body = {"outcome": outcome, "reason": "Certificates were compared."} | more
    return await register.http.post(
        f"/v1/possible-duplicates/{duplicate_id}/decisions", json=body, headers=registrar("registrar-two")
    )


async def test_joined_records_lead_from_the_retired_number_to_the_kept_one(register: Register) -> None:
    first, second, duplicate_id = await two_records(register, first_licensed=True)
    before = register.clock.now
    register.clock.now += timedelta(days=1)
    answer = await say(register, duplicate_id, "same_person")
    assert (answer.status_code, answer.json()["status"]) == (201, "same_person")
    seen = await register.http.get(f"/v1/licences/{second}")
    assert (seen.status_code, seen.json()["verdict"], seen.json()["kept_number"]) == (308, "merged", first)
    assert await verdict(register, first) == "licensed"
    assert await verdict(register, second, known_at=rfc3339(before)) == "not_licensed"
    assert (await make.journal(register))[-2:] == [
        ("duplicate.decided", f"duplicate:{duplicate_id}"),
        ("people.merged", second),
    ]
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_what_is_decided_on_either_number_holds_for_the_kept_one(register: Register) -> None:
    first, second, duplicate_id = await two_records(register, first_licensed=True)
    await say(register, duplicate_id, "same_person")
    assert (await impose(register, second)).json()["number"] == first
    assert await verdict(register, first) == "suspended"


async def test_a_sanction_of_the_retired_number_stays_in_force(register: Register) -> None:
    first, second, duplicate_id = await two_records(register, first_licensed=True)
    register.clock.now += timedelta(days=10)
    await impose(register, first)
    assert (await retire(register, first, "2026-12-01")).status_code == 201
    answer = await say(register, duplicate_id, "same_person", kept_number=second)
    assert answer.status_code == 201, answer.text
    assert await verdict(register, second, valid_at="2026-11-30") == "licensed"
    await make.authenticated_holding(register, "ACEG", "9")
    await make.code_acceptance(register, "ACEG", "9")
    refused = await apply(register, "9", association="ACEG")
    assert (refused.status_code, refused.json()["code"]) == (409, "suspension-stands")
    assert await verdict(register, second) == "retired"


async def test_different_people_stay_apart_for_good(register: Register) -> None:
    first, second, duplicate_id = await two_records(register)
    answer = await say(register, duplicate_id, "different_people")
    assert (answer.status_code, answer.json()["status"]) == (201, "different_people")
    assert await verdict(register, first) == await verdict(register, second) == "not_licensed"
    again = await say(register, duplicate_id, "same_person")
    assert (again.status_code, again.json()["code"]) == (409, "duplicate-already-decided")
    waiting = await register.http.get("/v1/possible-duplicates?status=open", headers=registrar())
    assert waiting.json()["items"] == []


async def test_two_licences_in_force_are_not_joined_until_one_is_retired(register: Register) -> None:
    first = await licensed(register, "1", **NAME)
    # Found alike only after both were admitted, when one of them changed her name.
    second = await licensed(register, "9", association="ACEG", **NAME | {"family_name": "Unlike"})
    assert (await make.put_member(register, "ACEG", "9", **NAME)).status_code == 200
    listed = await register.http.get("/v1/possible-duplicates", headers=registrar())
    duplicate_id = listed.json()["items"][0]["id"]
    answer = await say(register, duplicate_id, "same_person")
    assert (answer.status_code, answer.json()["code"]) == (409, "both-hold-a-licence")
    register.clock.now += timedelta(days=1)
    assert (await retire(register, first, "2026-11-22")).status_code == 201
    wrong = await say(register, duplicate_id, "same_person", kept_number=first)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "keep-the-number-on-the-register")
    assert (await say(register, duplicate_id, "same_person")).status_code == 201
    assert await verdict(register, second) == "licensed"
    assert await verdict(register, first) == "merged"
    register.clock.now += timedelta(days=1)
    assert (await retire(register, second, "2026-11-23")).status_code == 201
    assert await verdict(register, second) == "retired"


async def test_the_number_to_keep_is_one_of_the_two(register: Register) -> None:
    first, second, duplicate_id = await two_records(register)
    answer = await say(register, duplicate_id, "same_person", kept_number="CR12345672")
    assert (answer.status_code, answer.json()["code"]) == (422, "kept-number-not-one-of-the-two")
    answer = await say(register, duplicate_id, "same_person", kept_number=second.lower())
    assert answer.status_code == 201
    assert await verdict(register, first) == "merged"


async def test_a_chain_of_merges_leads_to_the_one_that_was_kept(register: Register) -> None:
    numbers = [await make.member(register, code, "1", **NAME) for code in ("ICG", "ACEG", "NAEGA")]
    listed = await register.http.get("/v1/possible-duplicates", headers=registrar())
    pairs = {(each["first_number"], each["second_number"]): each["id"] for each in listed.json()["items"]}
    assert len(pairs) == 3
    one, two, three = numbers
    assert (await say(register, pairs[one, two], "same_person", kept_number=two)).status_code == 201
    assert (await say(register, pairs[two, three], "same_person", kept_number=three)).status_code == 201
    assert (await say(register, pairs[one, three], "same_person")).status_code == 201
    for number in (one, two):
        seen = await register.http.get(f"/v1/licences/{number}")
        assert seen.json()["kept_number"] == three
    assert (await make.events(register)).count("people.merged") == 2
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_of_many_decisions_at_once_one_stands(register: Register) -> None:
    _, _, duplicate_id = await two_records(register)
    outcomes = ["same_person", "different_people"] * 10
    answers = await asyncio.gather(*(say(register, duplicate_id, outcome) for outcome in outcomes))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert (await make.events(register)).count("duplicate.decided") == 1


async def test_only_a_registrar_sees_and_decides_possible_duplicates(register: Register) -> None:
    _, _, duplicate_id = await two_records(register)
    assert (await register.http.get("/v1/possible-duplicates")).status_code == 401
    foreign = await register.http.get("/v1/possible-duplicates", headers=association())
    assert foreign.status_code == 403
    missing = await say(register, 999_999, "same_person")
    assert (missing.status_code, missing.json()["code"]) == (404, "no-such-possible-duplicate")
    unsaid = await register.http.post(
        f"/v1/possible-duplicates/{duplicate_id}/decisions",
        json={"outcome": "perhaps", "reason": "x"},
        headers=registrar(),
    )
    assert unsaid.status_code == 422


async def test_members_of_joined_records_apply_under_the_kept_number(register: Register) -> None:
    first, second, duplicate_id = await two_records(register)
    await say(register, duplicate_id, "same_person", kept_number=first)
    number, application_id = await applicant(register, "9", association="ACEG", **NAME)
    assert number in {first, second}
    assert (await make_licences.decide(register, application_id)).json()["number"] == first
    assert await verdict(register, first) == "licensed"
