"""Work that counts twice, over HTTP: asked by an association, decided by the school, seen by nobody else."""

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from shared.postgres.urls import asyncpg_dsn
from tests.callers import bearer
from tests.kitemark.conftest import Kitemark

URN = "100000"
ASKED: dict[str, Any] = {
    "urn": URN,
    "award": {"body": "a-body", "award_id": "A-1"},
    "entry_id": "E-1",
    "work": "The plan of careers education for year 9.",
}
ICG = bearer("cpd:write", subject="icg", association="ICG")
ACEG = bearer("cpd:write", subject="aceg", association="ACEG")
SCHOOL = bearer("checks:write", subject="school", urn=URN)
OTHER_SCHOOL = bearer("checks:write", subject="other-school", urn="100001")
PATH = "/v1/award-reuses"


async def ask(kitemark: Kitemark, headers: dict[str, str] = ICG, **changes: Any) -> httpx.Response:
    return await kitemark.http.post(PATH, json=ASKED | changes, headers=headers)


async def move(kitemark: Kitemark, id_: int, step: str, headers: dict[str, str]) -> httpx.Response:
    return await kitemark.http.post(f"{PATH}/{id_}/{step}", json={}, headers=headers)


async def events(kitemark: Kitemark) -> list[str]:
    rows = await kitemark.db.fetch("SELECT event, facts::text FROM journal WHERE event ~ '^award-reuse'")
    assert not any("year 9" in row["facts"] for row in rows)
    return [row["event"] for row in rows]


async def test_a_school_consents_takes_it_back_and_both_records_are_named(kitemark: Kitemark) -> None:
    asked = await ask(kitemark)
    id_ = asked.json()["id"]
    consented = await move(kitemark, id_, "consent", SCHOOL)
    assert (asked.json()["state"], consented.json()["state"]) == ("asked", "consented")
    assert consented.json()["award"] == ASKED["award"]
    assert consented.json()["entry"] == {"association": "ICG", "entry_id": "E-1"}
    for headers in (ICG, SCHOOL):
        listed = (await kitemark.http.get(PATH, headers=headers)).json()["items"]
        assert [each["id"] for each in listed] == [id_]
    withdrawn = await move(kitemark, id_, "withdrawal", SCHOOL)
    assert withdrawn.json()["state"] == "withdrawn"
    assert await events(kitemark) == ["award-reuse.asked", "award-reuse.consented", "award-reuse.withdrawn"]


async def test_nobody_else_sees_or_moves_it_and_what_cannot_be_is_refused(kitemark: Kitemark) -> None:
    id_ = (await ask(kitemark)).json()["id"]
    answers = [
        await kitemark.http.get(f"{PATH}/{id_}", headers=ACEG),
        await kitemark.http.get(f"{PATH}/{id_}", headers=OTHER_SCHOOL),
        await move(kitemark, id_, "consent", OTHER_SCHOOL),
        await move(kitemark, id_, "withdrawal", SCHOOL),
        await ask(kitemark),
        await ask(kitemark, work=" "),
        await ask(kitemark, urn="NI-1", entry_id="E-2"),
        await ask(kitemark, bearer("cpd:write", subject="no-claim")),
        await kitemark.http.get(PATH, headers=bearer("checks:write", subject="no-claim")),
    ]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (404, "no-such-reuse"),
        (404, "no-such-reuse"),
        (404, "no-such-reuse"),
        (409, "reuse-moves-on"),
        (409, "reuse-asked-already"),
        (422, "reuse-not-said"),
        (422, "reuse-not-said"),
        (403, "nobody-spoken-for"),
        (403, "nobody-spoken-for"),
    ]
    assert await events(kitemark) == ["award-reuse.asked"]


async def test_the_database_itself_keeps_one_association_from_anothers_reuses(kitemark: Kitemark) -> None:
    await ask(kitemark)
    running = await asyncpg.connect(asyncpg_dsn(kitemark.urls.app))
    async with running.transaction():
        await running.execute("SELECT set_config('app.association', 'ACEG', true)")
        assert await running.fetchval("SELECT count(*) FROM award_reuses") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await running.execute(
                "INSERT INTO award_reuses (subject, valid, known, award_body, award_id, association,"
                " entry_id, work, state)"
                " SELECT '1', '(,)', tstzrange(now(), NULL), 'a', '1', 'ICG', 'E', 'x', 'asked'"
            )
    await running.close()


async def test_consent_and_withdrawal_at_the_same_moment_leave_one_history(kitemark: Kitemark) -> None:
    """The race: whoever comes second has read a version that is corrected already, or finds it moved."""
    id_ = (await ask(kitemark)).json()["id"]
    answers = await asyncio.gather(
        *(
            move(kitemark, id_, step, headers)
            for step, headers in [("consent", SCHOOL), ("refusal", SCHOOL), ("withdrawal", ICG)] * 3
        )
    )
    assert {each.status_code for each in answers} <= {201, 409}
    made = [each.json()["state"] for each in answers if each.status_code == 201]
    assert len(made) in {1, 2}
    assert len(await events(kitemark)) == 1 + len(made)
    rows = await kitemark.db.fetch("SELECT count(*) AS n FROM award_reuses WHERE upper_inf(known)")
    assert rows[0]["n"] == 1
