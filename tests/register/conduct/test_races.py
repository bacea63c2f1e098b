"""Two who act on one complaint at the same moment: one of them is told that it has moved."""

import asyncio

from services.register.operations import integrity
from tests.callers import registrar
from tests.register import make as register_make
from tests.register.conduct import make
from tests.register.conftest import Register
from tests.register.make_licences import licensed, lift, verdict


async def test_two_registrars_who_move_one_complaint_at_once_move_it_once(register: Register) -> None:
    number = await licensed(register)
    complaint_id = await make.complaint_at(register, number, "answered")
    moves = [
        make.take(register, complaint_id, step, registrar(f"registrar-{step}"))
        for step in ("find_case", "find_no_case") * 2
    ]
    found = sorted(answer.status_code for answer in await asyncio.gather(*moves))
    assert found == [201, 409, 409, 409]
    assert (await register_make.events(register)).count("complaint.examined") == 1
    assert await integrity.check(register.db, now=register.clock.now) == []


async def test_a_decision_and_a_withdrawal_at_once_leave_one_of_them(register: Register) -> None:
    number = await licensed(register)
    reference = (await make.complain(register, number)).json()["reference"]
    complaint_id = await make.newest(register)
    for step in ("acknowledge", "find_capable"):
        await make.take(register, complaint_id, step)
    await make.post(register, complaint_id, "answer-requests", {"association": "ICG"}, make.OFFICER)
    await make.post(register, complaint_id, "answers", {"words": "No."}, make.ICG)
    await make.take(register, complaint_id, "find_case")
    await make.convene(register, complaint_id, make.PANEL)
    decision, withdrawal = await asyncio.gather(
        make.decide(register, complaint_id, "suspension"),
        register.http.post("/v1/complaints/withdrawals", json={"reference": reference}),
    )
    assert sorted((decision.status_code, withdrawal.status_code)) == [201, 409]
    standing = "suspended" if decision.status_code == 201 else "licensed"
    assert await verdict(register, number) == standing
    assert await integrity.check(register.db, now=register.clock.now) == []


async def test_an_appeal_allowed_while_somebody_lifts_the_sanction_ends_it_once(register: Register) -> None:
    number = await licensed(register)
    complaint_id = await make.decided(register, number, "suspension")
    await make.post(register, complaint_id, "appeals", {"words": "Unheard."}, make.ICG)
    shown = await register.http.get(f"/v1/complaints/{complaint_id}", headers=make.OFFICER)
    sanction_id = shown.json()["sanctions"][0]["id"]
    allowed, lifted = await asyncio.gather(
        make.decide_appeal(register, complaint_id, "allowed"), lift(register, sanction_id)
    )
    assert allowed.status_code == 201
    assert lifted.status_code in {201, 409}
    assert await verdict(register, number) == "licensed"
    assert (await register_make.events(register)).count("sanction.lifted") == 1
    assert await integrity.check(register.db, now=register.clock.now) == []
