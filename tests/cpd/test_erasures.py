"""Whom the register erases is erased in the log too, and everything still proves."""

import asyncpg
import pytest

from services.cpd.operations import integrity
from shared.postgres.urls import asyncpg_dsn
from tests.cpd import make
from tests.cpd.audit.make import auditor, name, professionals, refused
from tests.cpd.conftest import Cpd
from tests.cpd.make import AUDITOR, cpd_system
from tests.cpd.people import ANN, BEA, member, tell

CANARY = "canary-of-ann"
PAUSE = {
    "number": ANN, "kind": "deferral", "reason": "illness", "note": CANARY, "valid_from": "2026-03-01",
    "valid_to": "2026-03-31",
}  # fmt: skip


async def everything(cpd: Cpd) -> str:
    """Return all that stands in every table, as text."""
    owner = await asyncpg.connect(asyncpg_dsn(cpd.urls.owner))
    try:
        tables = await owner.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        rows = [await owner.fetch(f'SELECT t::text FROM "{table["name"]}" t') for table in tables]
    finally:
        await owner.close()
    return "\n".join(row[0] for of_table in rows for row in of_table)


async def a_log(cpd: Cpd, who: str, canary: str) -> None:
    """Give somebody entries, one of them amended and one voided, and a return."""
    await member(cpd, who)
    texts = {
        "title": canary,
        "provider": canary,
        "reflection": canary,
        "effect": canary,
        "outcomes": [canary],
    }
    await make.put(cpd, f"{who}-1", number=who, **texts)
    await make.put(cpd, f"{who}-1", number=who, **texts, hours=3)
    second = await make.put(cpd, f"{who}-2", number=who, **texts)
    await make.post(cpd, f"/v1/entries/{second.json()['id']}/voiding", {"reason": canary})
    keyed = cpd_system() | {"Idempotency-Key": f"key-{who}"}
    body = {"items": [{"entry_id": f"{who}-3", **make.entry(number=who, **texts)}]}
    assert (await make.post(cpd, "/v1/entries/batch", body, keyed)).status_code == 200
    told = {"number": who, "nature": canary}
    assert (
        await make.post(cpd, "/v1/returns", told, keyed | {"Idempotency-Key": f"r-{who}"})
    ).status_code == 201


async def test_nothing_is_left_of_an_erased_persons_words_and_the_hours_stay(cpd: Cpd) -> None:
    await a_log(cpd, ANN, CANARY)
    await a_log(cpd, BEA, "canary-of-bea")
    assert (await make.post(cpd, "/v1/pauses", PAUSE, AUDITOR)).status_code == 201
    # Somebody whose words begin as erased ones end is erased like everybody.
    await make.put(cpd, f"{ANN}-5", number=ANN, title="-", reflection=CANARY)
    await make.put(cpd, f"{ANN}-4", number=ANN, title=f"{CANARY}, another day’s work", hours=2)
    before = await make.standing(cpd)
    assert before["parts"][0]["hours"]["counted"] > 2
    assert CANARY in await everything(cpd)
    await tell(cpd, "person.erased", ANN)
    left = await everything(cpd)
    assert CANARY not in left
    assert "canary-of-bea" in left
    after = await make.standing(cpd)
    assert after["standing"] == before["standing"]
    for fact in ("hours", "outcomes", "entries"):
        assert after["parts"][0][fact] == before["parts"][0][fact]
    assert (await make.events(cpd))[-1] == "log.erased"
    assert await integrity.check(cpd.db) == []
    count = len(await make.events(cpd))
    await tell(cpd, "person.erased", ANN)  # as when all is told again
    assert len(await make.events(cpd)) == count


async def test_history_stays_closed_to_everybody_else(cpd: Cpd) -> None:
    await a_log(cpd, ANN, CANARY)
    for statement in (
        "UPDATE entries SET title = 'x'",
        "UPDATE audit_findings SET reasons = 'x'",
        "INSERT INTO erasing VALUES (1)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await cpd.db.fetch(statement)
    owner = await asyncpg.connect(asyncpg_dsn(cpd.urls.owner))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await owner.execute("UPDATE entries SET title = 'x'")
    await owner.close()


async def test_the_words_of_an_audit_go_and_its_outcome_stays(cpd: Cpd) -> None:
    (who,) = await professionals(cpd, 1)
    await name(cpd, "assessor-a", "assessor-b")
    case_id = await refused(cpd, who)
    appeal = {"words": CANARY}
    assert (await make.post(cpd, f"/v1/audit-cases/{case_id}/appeals", appeal)).status_code == 201
    before = await everything(cpd)
    assert CANARY in before
    assert "My clients now see real openings." in before
    await tell(cpd, "person.erased", who)
    left = await everything(cpd)
    assert CANARY not in left
    assert "My clients now see real openings." not in left
    case = (await cpd.http.get(f"/v1/audit-cases/{case_id}", headers=auditor())).json()
    assert (case["state"], len(case["findings"])) == ("under_appeal", 2)
    pack = await cpd.http.get(f"/v1/audit-cases/{case_id}/pack", headers=cpd_system())
    assert (pack.status_code, pack.json()["activities"]) == (200, [])
    assert await integrity.check(cpd.db) == []


async def test_why_somebody_was_picked_out_for_an_audit_goes_too(cpd: Cpd) -> None:
    await member(cpd)
    body = {"number": ANN, "reason": CANARY}
    made = await make.post(cpd, "/v1/audit-cases", body, auditor())
    assert made.status_code == 201, made.text
    await tell(cpd, "person.erased", ANN)
    assert CANARY not in await everything(cpd)
    assert await integrity.check(cpd.db) == []
