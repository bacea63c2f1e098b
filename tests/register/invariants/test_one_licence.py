"""I1: at most one licence stands for one person at any instant, on both axes of time."""

import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy import update

from services.register.operations import integrity
from services.register.storage import applications, merges, tables
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import applicant, decide, impose, licensed, lift

DECIDED = {"application.admitted", "application.refused"}


async def contradict(register: Register, application_id: int, times: int = 50) -> list[int]:
    """Decide one application in contradictory ways at the same moment, and return the status codes."""
    answers = await asyncio.gather(
        *(
            decide(
                register,
                application_id,
                "admitted" if place % 2 else "refused",
                by=f"registrar-{place % 5}",
            )
            for place in range(times)
        )
    )
    return sorted(answer.status_code for answer in answers)


async def test_of_fifty_contradictory_decisions_at_once_exactly_one_stands(register: Register) -> None:
    number, application_id = await applicant(register)
    before = await make.journal(register)
    codes = await contradict(register, application_id)
    assert codes[0] == 201
    assert set(codes[1:]) <= {403, 409, 412}
    lines = (await make.journal(register))[len(before) :]
    assert [event for event, _ in lines] in (
        ["application.refused"],
        ["application.admitted", "register.entered", "licence.issued"],
    )
    assert {subject for _, subject in lines} == {number}
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_the_guard_of_the_row_alone_lets_one_decision_stand(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, application_id = await applicant(register)
    monkeypatch.setattr(merges, "lock_group", merges.group_of)
    codes = await contradict(register, application_id)
    assert codes.count(201) == 1
    assert (await make.events(register)).count("licence.issued") <= 1


async def test_without_lock_guard_and_constraints_more_than_one_decision_stands(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault that shows that the races above would be seen."""
    _, application_id = await applicant(register)

    read_by: list[str] = []
    both_have_read = asyncio.Event()

    async def unguarded(tx: Any, application: Any, *, policy_version: str | None = None, record: Any) -> None:
        # Nobody writes before two have read: so the fault shows however fast the machine is.
        read_by.append(application.decided_by)
        if len(read_by) > 1:
            both_have_read.set()
        await asyncio.wait_for(both_have_read.wait(), 10)
        await tx.execute(
            update(tables.applications)
            .where(tables.applications.c.id == application.application_id)
            .values(status=application.status.value, decided_by=application.decided_by)
        )
        tx.record(record)

    monkeypatch.setattr(merges, "lock_group", merges.group_of)
    monkeypatch.setattr(applications, "decide", unguarded)
    owner = await asyncpg.connect(register.urls.owner.replace("+asyncpg", ""))
    await owner.execute("ALTER TABLE applications DISABLE TRIGGER decided_once")
    for table in ("register_entries", "licences", "licence_scopes"):
        await owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_no_overlap")
    await owner.close()
    codes = await contradict(register, application_id)
    assert codes.count(201) > 1
    decided = [event for event in await make.events(register) if event in DECIDED]
    assert len(decided) > 1


async def test_every_day_and_instant_has_exactly_one_verdict(register: Register) -> None:
    number = await licensed(register)
    sanction = (await impose(register, number, valid_from="2026-12-01")).json()
    await lift(register, sanction["id"])
    for day in (
        "2000-01-01",
        "2026-11-20",
        "2026-11-21",
        "2026-12-01",
        "2027-11-20",
        "2027-11-21",
        "2099-01-01",
    ):
        for known_at in (None, "2026-11-21T09:29:59Z", "2026-11-21T09:30:00Z"):
            asked = {"valid_at": day} | ({} if known_at is None else {"known_at": known_at})
            answer = await register.http.get(f"/v1/licences/{number}", params=asked)
            if answer.status_code == 404:
                assert known_at is not None
                continue
            assert isinstance(answer.json()["verdict"], str)


async def test_the_database_itself_refuses_two_licences_at_once(register: Register) -> None:
    await licensed(register)
    app = await asyncpg.connect(register.urls.app.replace("+asyncpg", ""))
    try:
        with pytest.raises(asyncpg.ExclusionViolationError):
            await app.execute(
                "INSERT INTO licences (person_id, valid, known, application_id, holding_id, policy_version)"
                " SELECT person_id, valid, known, application_id, holding_id, policy_version FROM licences"
            )
    finally:
        await app.close()
