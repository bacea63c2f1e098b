"""Nobody searches for a date of birth by joining: a refused attempt leaves its line, and few are taken."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx

from services.register.domain.rights.joining import Attempts, TooManyRefusedJoins
from services.register.domain.rights.policy import parse_joining_policy
from tests.callers import association
from tests.register import make
from tests.register.conftest import Register
from tests.register.member_files import COLUMNS, csv_file, imported, outcomes, row
from tests.register.rules.make import shipped

POLICY = parse_joining_policy(shipped("joining_policies")[0]["policy"])
OF_NUMBER, OF_ASSOCIATION = POLICY.refused_per_number_and_day, POLICY.refused_per_association_and_day
WRONG, TOO_MANY = "registration-number-not-confirmed", "too-many-refused-joins"


def tried(attempts: Attempts, number: str) -> bool:
    """Try a number in vain and say whether it could be tried."""
    try:
        attempts.begin(number)
    except TooManyRefusedJoins:
        return False
    attempts.refuse(number)
    return True


def test_a_number_and_an_association_have_each_their_count() -> None:
    attempts = Attempts(association="ICG", policy=POLICY, seconds=9, made=Counter())
    assert [tried(attempts, "A") for _ in range(OF_NUMBER + 1)] == [True] * OF_NUMBER + [False]
    others = [tried(attempts, str(number)) for number in range(OF_ASSOCIATION)]
    assert sum(others) == OF_ASSOCIATION - OF_NUMBER
    assert attempts.counts(["A", "A"]) == {"association:ICG": 2, "number:A": 2}


def test_what_is_reserved_stands_until_it_is_given_back() -> None:
    attempts = Attempts(association="ICG", policy=POLICY, seconds=9, made=Counter())
    attempts.reserve(["A"] * (OF_NUMBER + 3))
    assert attempts.left_over() == {"association:ICG": OF_NUMBER, "number:A": OF_NUMBER}
    attempts.begin("A")
    attempts.refuse("A")
    assert attempts.left_over() == {"association:ICG": OF_NUMBER - 1, "number:A": OF_NUMBER - 1}


async def guess(register: Register, number: str, born: str, **more: Any) -> httpx.Response:
    """Try a date of birth on a number as another association."""
    return await make.put_member(
        register, "ACEG", "guess", registration_number=number, date_of_birth=born, **more
    )


async def refused(register: Register) -> list[str]:
    """Return whose joining was refused, as the journal tells it."""
    return [subject for event, subject in await make.journal(register) if event == "member.join-refused"]


async def test_a_refused_attempt_leaves_its_line_and_too_many_are_not_taken(register: Register) -> None:
    number = (await make.put_member(register)).json()["registration_number"]
    answers = [await guess(register, number, f"1970-01-{day:02}") for day in range(1, OF_NUMBER + 2)]
    assert [each.json()["code"] for each in answers] == [WRONG] * OF_NUMBER + [TOO_MANY]
    assert (answers[-1].status_code, answers[-1].headers["retry-after"]) == (429, str(14 * 3600 + 1800))
    assert await refused(register) == [number] * OF_NUMBER
    assert await make.facts(register, "member.join-refused") == [{"association": "ACEG"}] * OF_NUMBER
    # Who guesses right in the end is not told so either.
    assert (await guess(register, number, "1980-02-29")).json()["code"] == TOO_MANY
    never = await guess(register, "CR00000001", "1980-02-29")
    assert never.json()["code"] == WRONG
    register.clock.now += timedelta(days=1)
    right = await guess(register, number, "1980-02-29")
    assert right.status_code == 201, right.text
    kept = await register.db.fetch("SELECT sum(attempts) AS n FROM join_attempts WHERE day = '2026-11-22'")
    assert kept[0]["n"] == 0


async def test_guesses_at_once_are_as_many_as_guesses_in_turn(register: Register) -> None:
    number = (await make.put_member(register)).json()["registration_number"]
    answers = await asyncio.gather(
        *(
            make.put_member(
                register, "ACEG", f"{day}", registration_number=number, date_of_birth=f"1970-01-{day:02}"
            )
            for day in range(1, 25)
        )
    )
    told = Counter(each.json()["code"] for each in answers)
    assert told[WRONG] == OF_NUMBER
    assert told[TOO_MANY] == 24 - OF_NUMBER
    assert await refused(register) == [number] * OF_NUMBER


async def test_a_batch_that_is_refused_as_a_whole_counts_as_well(register: Register) -> None:
    number = (await make.put_member(register)).json()["registration_number"]
    items = [
        {"member_id": f"{day}"}
        | make.member_body(registration_number=number, date_of_birth=f"1970-01-{day:02}")
        for day in range(1, 4)
    ]
    for whole in (True, False):
        answer = await register.http.post(
            "/v1/members/batch",
            json={"items": items, "all_or_nothing": whole},
            headers=association("ACEG"),
        )
        told = answer.json()
        codes = [each["code"] for each in told["errors"]] if whole else [
            each["problem"]["code"] for each in told["results"]
        ]  # fmt: skip
        assert codes == ([WRONG] * 3 if whole else [WRONG] * 2 + [TOO_MANY])
    assert await refused(register) == [number] * OF_NUMBER


async def test_the_rows_of_a_file_are_guesses_too(register: Register) -> None:
    number = (await make.put_member(register)).json()["registration_number"]
    columns = (*COLUMNS, "Registration number")
    rows = [[*row(each, Surname="Example"), number] for each in range(1, OF_NUMBER + 3)]
    made = await imported(register, csv_file(*rows, columns=columns), of="ACEG")
    messages = [each["Import message"] for each in await outcomes(register, made, "failed", of="ACEG")]
    assert ["not belong together" in each for each in messages] == [True] * OF_NUMBER + [False] * 2
    assert "too often today" in messages[-1]
    assert await refused(register) == [number] * OF_NUMBER
