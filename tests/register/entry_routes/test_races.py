"""Two steps on one route at the same moment: one is taken, and the other told what stands in its way."""

import asyncio

from services.register.operations import integrity
from tests.register import make as register_make
from tests.register.conftest import Register
from tests.register.entry_routes import make


async def test_of_many_assessors_at_once_one_judges(register: Register) -> None:
    await register_make.member(register)
    held = await make.unrelated_holding(register)
    route_id = await make.begun(register, "alternative", holding=held)
    given = await make.give(register, route_id, "relevance")
    evidence = given.json()["evidence"][0]["id"]
    answers = await asyncio.gather(
        *(
            make.judge(register, route_id, evidence, judgement, by=f"assessor-{place}")
            for place, judgement in enumerate(("met", "not_met", "more_evidence", "met"))
        )
    )
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    assert (await register_make.events(register)).count("entry-route.judged") == 1


async def test_of_many_registrars_at_once_one_decides(register: Register) -> None:
    route_id = await make.assessed_alternative(register)
    answers = await asyncio.gather(
        *(
            make.decide(register, route_id, outcome, by=f"registrar-{place}{outcome}")
            for place in range(2)
            for outcome in ("granted", "refused")
        )
    )
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    assert {each.json()["code"] for each in answers if each.status_code == 409} == {"entry-route-not-open"}


async def test_completion_against_withdrawal_ends_in_one_of_them(register: Register) -> None:
    route_id = await make.assessed_competence(register)
    granted, withdrawn = await asyncio.gather(
        make.decide(register, route_id), make.withdraw(register, route_id)
    )
    assert sorted((granted.status_code, withdrawn.status_code)) == [201, 409]
    held = await register.db.fetch("SELECT count(*) AS number FROM holdings WHERE status = 'authenticated'")
    assert held[0]["number"] == (1 if granted.is_success else 0)
    assert await integrity.check(register.db, now=register.clock.now) == []


async def test_of_two_beginnings_at_once_one_is_taken(register: Register) -> None:
    await register_make.member(register)
    answers = await asyncio.gather(
        *(make.begin(register, "competence", policy="competence-level-4") for _ in range(4))
    )
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
