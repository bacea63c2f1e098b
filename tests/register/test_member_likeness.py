"""People who look alike are noted for a registrar, and joined only by somebody who can show who they are."""

import asyncio

from services.register.domain.person import number_from
from tests.register import make
from tests.register.conftest import Register


async def _pairs(register: Register) -> list[str]:
    rows = await register.db.fetch("SELECT reason FROM possible_duplicates ORDER BY id")
    return [row["reason"] for row in rows]


async def test_the_same_name_and_birth_make_two_people_and_a_note(register: Register) -> None:
    first = (await make.put_member(register)).json()["registration_number"]
    answer = await make.put_member(register, "ACEG", "9", given_names="SIAN", family_name="Ex-ample")
    assert answer.status_code == 201
    assert answer.json()["registration_number"] != first
    assert await _pairs(register) == ["same-name-and-date-of-birth"]
    assert (await make.journal(register))[-1][0] == "duplicate.found"
    assert await make.facts(register, "duplicate.found") == [{"reason": "same-name-and-date-of-birth"}]


async def test_they_are_noted_within_one_association_too(register: Register) -> None:
    await make.put_member(register)
    await make.put_member(register, member_id="2")
    assert await _pairs(register) == ["same-name-and-date-of-birth"]


async def test_another_birth_or_none_is_nobody_alike(register: Register) -> None:
    await make.put_member(register)
    await make.put_member(register, "ACEG", "1", date_of_birth="1980-02-28")
    await make.put_member(register, "NISCA", "1", date_of_birth=None)
    await make.put_member(register, "AGCAS", "1", date_of_birth=None)
    assert await _pairs(register) == []


async def test_a_name_that_becomes_alike_is_noted_and_noted_once(register: Register) -> None:
    await make.put_member(register)
    await make.put_member(register, "ACEG", "9", family_name="Other")
    assert await _pairs(register) == []
    for family_name in ("Example", "Other", "Example"):
        await make.put_member(register, "ACEG", "9", family_name=family_name)
    assert await _pairs(register) == ["same-name-and-date-of-birth"]
    assert (await make.events(register)).count("duplicate.found") == 1


async def test_a_former_name_of_either_is_compared_as_well(register: Register) -> None:
    await make.put_member(register)
    former = [{"given_names": "Siân", "family_name": "Example"}]
    await make.put_member(register, "ACEG", "9", family_name="Married", previous_names=former)
    assert await _pairs(register) == ["previous-name-and-date-of-birth"]
    await make.put_member(register, "NISCA", "5")
    assert await _pairs(register) == [
        "previous-name-and-date-of-birth",
        "same-name-and-date-of-birth",
        "previous-name-and-date-of-birth",
    ]


async def test_two_alike_at_the_same_moment_do_not_miss_each_other(register: Register) -> None:
    await asyncio.gather(
        make.put_member(register, "ICG"),
        make.put_member(register, "ACEG"),
        make.put_member(register, "NISCA"),
    )
    assert len(await _pairs(register)) == 3


async def test_a_known_number_joins_when_name_and_birth_agree(register: Register) -> None:
    number = (await make.put_member(register)).json()["registration_number"]
    typed = f" {number[:5].lower()}-{number[5:]} "
    answer = await make.put_member(register, "ACEG", "9", registration_number=typed, given_names="Sian")
    assert answer.status_code == 201, answer.text
    assert answer.json()["registration_number"] == number
    assert [each["level"] for each in answer.json()["memberships"]] == ["professional"]
    assert await _pairs(register) == []
    again = await make.put_member(register, "ACEG", "9", registration_number=number, given_names="Sian")
    assert again.status_code == 200
    rows = await register.db.fetch("SELECT count(*) AS n FROM people")
    assert rows[0]["n"] == 1


async def test_a_number_that_does_not_fit_tells_nothing_about_whether_it_exists(register: Register) -> None:
    number = (await make.put_member(register)).json()["registration_number"]
    nobodys = (await make.put_member(register, member_id="2", date_of_birth=None)).json()[
        "registration_number"
    ]
    before = await make.journal(register)
    answers = [
        await make.put_member(register, "ACEG", "9", registration_number=number, family_name="Wrong"),
        await make.put_member(register, "ACEG", "9", registration_number=number, date_of_birth="1980-03-01"),
        await make.put_member(register, "ACEG", "9", registration_number=number, date_of_birth=None),
        await make.put_member(register, "ACEG", "9", registration_number=nobodys, date_of_birth=None),
        await make.put_member(register, "ACEG", "9", registration_number=number_from(2)),
    ]
    shown = [{key: value for key, value in each.json().items() if key != "instance"} for each in answers]
    assert [each.status_code for each in answers] == [409] * 5
    assert all(each == shown[0] for each in shown)
    assert shown[0]["code"] == "registration-number-not-confirmed"
    after = (await make.journal(register))[len(before) :]
    tried = [number, number, number, nobodys, number_from(2)]
    assert after == [("member.join-refused", each) for each in tried]


async def test_a_member_does_not_change_into_somebody_else(register: Register) -> None:
    other = await make.member(register, member_id="2")
    await make.put_member(register)
    answer = await make.put_member(register, registration_number=other)
    assert (answer.status_code, answer.json()["code"]) == (409, "member-already-recorded")
