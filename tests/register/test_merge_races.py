"""A merge that is decided while an association tells of one of the two records."""

import asyncio

from services.register.operations.public_entries import republish
from services.register.storage import merges, people
from shared.actor import Actor
from shared.journal import Record
from tests.register import make
from tests.register.conftest import Register

REGISTRAR = Actor(subject="registrar-one", client_id="registrar-one")


async def test_whoever_waited_for_a_merge_reads_anew_before_writing(register: Register) -> None:
    kept_number = await make.member(register, "ICG", "1")
    number = await make.member(register, "ACEG", "2")
    now = register.clock()
    async with register.db.transaction(REGISTRAR) as tx:
        found = await people.find_by_numbers(tx, [number, kept_number])
        kept, merged = found[kept_number].id, found[number].id
        await merges.lock_groups(tx, kept, merged)
        telling = asyncio.create_task(make.put_member(register, "ACEG", "2", family_name="Renamed"))
        await asyncio.sleep(0.5)
        assert not telling.done()
        record = Record(actor=REGISTRAR, at=now, event="people.merged", subject=number, facts={})
        await merges.merge(tx, person_id=merged, kept_person_id=kept, reason="One.", record=record)
        await republish(tx, [kept, merged], now=now)
    answer = await telling
    assert (answer.status_code, answer.json()["code"]) == (409, "changed-meanwhile")
    again = await make.put_member(register, "ACEG", "2", family_name="Renamed")
    assert (again.status_code, again.json()["registration_number"]) == (200, kept_number)
