"""Merges and whatever else is decided on the two records at the same moment, on real connections."""

import asyncio

from services.register.operations import integrity
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import applicant, decide, impose, licensed, verdict
from tests.register.matching.make_merges import merge, merged, undo


async def sound(register: Register) -> bool:
    """Tell whether every invariant holds."""
    return await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_of_merges_in_both_directions_and_with_a_third_none_leads_in_a_circle(
    register: Register,
) -> None:
    one, two, three = [await make.member(register, code, "1") for code in ("ICG", "ACEG", "NAEGA")]
    ways = [(one, two), (two, one), (two, three), (three, one)] * 4
    answers = await asyncio.gather(*(merge(register, *way) for way in ways))
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = [answer for answer in answers if answer.status_code == 201]
    assert 1 <= len(made) <= 2
    assert (await make.events(register)).count("people.merged") == len(made)
    assert await sound(register)


async def test_a_suspension_decided_during_a_merge_counts_for_whoever_is_kept(register: Register) -> None:
    kept, retired = await licensed(register, "1"), await licensed(register, "2", association="ACEG")
    retiring = await impose(register, retired, "removal")
    assert retiring.status_code == 201
    register.clock.now = register.clock.now.replace(year=2028)
    fresh = await applicant(register, "1")
    merging = [merge(register, kept, retired) for _ in range(3)]
    supervised = impose(register, retired, "conditions", conditions="Works supervised.")
    answers = await asyncio.gather(*merging, impose(register, kept), supervised, decide(register, fresh[1]))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert [answer.status_code for answer in answers[:3]].count(201) <= 1
    joined = any(answer.status_code == 201 for answer in answers[:3])
    assert await verdict(register, kept) == ("removed" if joined else "suspended")
    assert await sound(register)


async def test_of_many_undoings_at_once_one_is_done_beside_other_decisions(register: Register) -> None:
    kept = await licensed(register, "1")
    retired, application_id = await applicant(register, "2", association="ACEG")
    merge_id = await merged(register, kept, retired)
    answers = await asyncio.gather(
        *(undo(register, merge_id) for _ in range(6)),
        impose(register, retired),
        decide(register, application_id),
        merge(register, kept, await make.member(register, "NAEGA", "3")),
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert [answer.status_code for answer in answers[:6]].count(201) == 1
    assert (await make.events(register)).count("people.parted") == 1
    assert await sound(register)
