"""Acceptance of the code of ethics."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.callers import association, registrar
from tests.register import make
from tests.register.conftest import Register

BODY = {"member_id": "1", "code_version": "cdi-2019-01-01", "accepted_on": "2020-01-01"}


async def _accept(
    register: Register, headers: dict[str, str] | None = None, **changes: Any
) -> httpx.Response:
    return await register.http.post(
        "/v1/code-acceptances", json=BODY | changes, headers=headers or association()
    )


async def test_an_acceptance_is_recorded_once_however_often_it_is_told(register: Register) -> None:
    number = await make.member(register)
    first = await _accept(register)
    assert (first.status_code, first.json()["new"]) == (200, True)
    assert (await make.journal(register))[-1] == ("code.accepted", number)
    lines = await make.journal(register)
    again = await _accept(register, accepted_on="2021-05-05")
    assert again.json() == first.json() | {"new": False}
    assert await make.journal(register) == lines


async def test_twenty_at_once_make_one_line(register: Register) -> None:
    await make.member(register)
    answers = await asyncio.gather(*(_accept(register) for _ in range(20)))
    assert {each.status_code for each in answers} == {200}
    assert sorted(each.json()["new"] for each in answers) == [False] * 19 + [True]
    assert (await make.events(register)).count("code.accepted") == 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"accepted_on": "2026-11-22"}, 422, "acceptance-in-the-future"),
        ({"accepted_on": "2018-12-31"}, 409, "code-not-in-force-then"),
        ({"code_version": "cdi-2018-03"}, 409, "code-not-in-force-then"),
        ({"code_version": "ten-commandments"}, 422, "code-version-not-known"),
        ({"member_id": "7"}, 404, "no-such-member"),
        ({"accepted_on": "yesterday"}, 422, "input-not-valid"),
        ({"member_id": "\x00"}, 422, "input-not-valid"),
    ],
)
async def test_what_cannot_be_is_refused(
    register: Register, changes: dict[str, Any], status: int, code: str
) -> None:
    await make.member(register)
    before = await make.journal(register)
    answer = await _accept(register, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await make.journal(register) == before


async def test_today_in_london_is_not_in_the_future(register: Register) -> None:
    await make.member(register)
    register.clock.now = register.clock.now.replace(month=7, hour=23, minute=30)
    assert (await _accept(register, accepted_on="2026-07-22")).status_code == 200


async def test_an_association_speaks_for_its_own_members_only(register: Register) -> None:
    await make.member(register)
    foreign = await _accept(register, association("ACEG"))
    missing = await _accept(register, association("ACEG"), member_id="7")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert len(foreign.content) == len(missing.content)
    assert (await _accept(register, registrar())).status_code == 403
