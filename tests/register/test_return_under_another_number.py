"""Who was removed does not come back as somebody new, and a suspended member is not retired out of sight."""

import asyncpg
import pytest

from tests.callers import association, registrar
from tests.register import make_licences
from tests.register.conftest import Register

NAME = {"family_name": "Returner", "date_of_birth": "1979-05-05"}


async def come_back(register: Register) -> int:
    """Remove somebody and have them apply at another association; return the application."""
    number = await make_licences.licensed(register, "1", **NAME)
    await make_licences.impose(register, number, "removal")
    _, application_id = await make_licences.applicant(register, "9", association="ACEG", **NAME)
    return application_id


async def test_an_applicant_who_may_be_somebody_removed_is_not_admitted(register: Register) -> None:
    application_id = await come_back(register)
    answer = await make_licences.decide(register, application_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "possible-duplicate-undecided")


async def test_once_found_to_be_different_people_the_applicant_is_admitted(register: Register) -> None:
    application_id = await come_back(register)
    duplicate = (await register.http.get("/v1/possible-duplicates", headers=registrar())).json()["items"][0]
    decided = await register.http.post(
        f"/v1/possible-duplicates/{duplicate['id']}/decisions",
        json={"outcome": "different_people", "reason": "They were seen together."},
        headers=registrar(),
    )
    assert decided.status_code == 201
    assert (await make_licences.decide(register, application_id)).status_code == 201


async def test_a_decided_duplicate_cannot_be_changed_even_by_hand(register: Register) -> None:
    await test_once_found_to_be_different_people_the_applicant_is_admitted(register)
    app = await asyncpg.connect(register.urls.app.replace("+asyncpg", ""))
    try:
        with pytest.raises(asyncpg.UniqueViolationError):
            await app.execute("UPDATE possible_duplicates SET status = 'open', decided_by = 'nobody'")
    finally:
        await app.close()


async def test_an_association_does_not_retire_its_suspended_member(register: Register) -> None:
    number = await make_licences.licensed(register)
    await make_licences.impose(register, number, "interim_suspension")
    answer = await make_licences.retire(register, number, "2026-12-01", headers=association())
    assert (answer.status_code, answer.json()["code"]) == (409, "retirement-under-suspension")
    assert await make_licences.verdict(register, number, valid_at="2026-12-01") == "suspended"
