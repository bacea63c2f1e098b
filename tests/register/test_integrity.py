"""The integrity questions: a sound register answers with nothing, and each planted fault is found."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.register.operations import integrity
from services.register.operations.integrity import CHANGED, GAP, STALE
from services.register.storage.integrity import QUESTIONS
from shared.database import Transaction
from tests.callers import association, registrar
from tests.register import make, make_licences
from tests.register.conftest import Register
from tests.register.job_command import command
from tests.register.make_licences import applicant, licensed
from tests.register.test_possible_duplicates import NAME, say

UNGUARDED = "ALTER TABLE {0} DISABLE TRIGGER USER;"

# What the owner of the tables does behind everybody's back → the question that has to find it.
FAULTS = {
    "two licences at once": UNGUARDED.format("licences")
    + "ALTER TABLE licences DROP CONSTRAINT licences_no_overlap;"
    "INSERT INTO licences (person_id, valid, known, txid, application_id, holding_id, policy_version)"
    " SELECT person_id, valid, known, txid, application_id, holding_id, policy_version FROM licences",
    "two register entries at once": "ALTER TABLE register_entries"
    " DROP CONSTRAINT register_entries_no_overlap;"
    "INSERT INTO register_entries (person_id, valid, known, txid, status)"
    " SELECT person_id, valid, known, txid, status FROM register_entries",
    "a scope held twice at once": "ALTER TABLE licence_scopes DROP CONSTRAINT licence_scopes_no_overlap;"
    "INSERT INTO licence_scopes (person_id, valid, known, txid, scope)"
    " SELECT person_id, valid, known, txid, scope FROM licence_scopes",
    "a licence issued without authenticated evidence": UNGUARDED.format("holdings")
    + "UPDATE holdings SET relevant = false",
    "a licence without an admitted application": UNGUARDED.format("applications")
    + "UPDATE applications SET status = 'withdrawn'",
    "a licence that rests on somebody else's evidence": UNGUARDED.format("licences")
    + "UPDATE licences SET holding_id = (SELECT max(id) FROM holdings WHERE id <> holding_id)",
    "decided by who submitted it": UNGUARDED.format("applications")
    + "ALTER TABLE applications DROP CONSTRAINT applications_four_eyes;"
    "UPDATE applications SET submitted_by = decided_by WHERE decided_by IS NOT NULL",
    "evidence found false, and the licence left standing": UNGUARDED.format("sanctions")
    + "DELETE FROM sanctions WHERE internal_reason LIKE 'The authentication%'",
    "a holding moved outside the written table": UNGUARDED.format("holdings")
    + "UPDATE holdings SET status = 'rejected', decided_by = 'x' WHERE status = 'claimed'",
    "a sanction moved outside the written table": UNGUARDED.format("sanctions")
    + "UPDATE sanctions SET kind = 'removal' WHERE lifted_by IS NOT NULL",
    "history that the running role could change": "GRANT UPDATE (facts) ON journal TO register_app",
    "a guard of history that is missing or switched off": "ALTER TABLE journal DISABLE TRIGGER never_change",
    "a version that does not end where its correction begins": UNGUARDED.format("holdings")
    + "UPDATE holdings SET known = tstzrange(lower(known), upper(known) + interval '1 second')"
    " WHERE NOT upper_inf(known)",
    "a row without its journal line": UNGUARDED.format("sanctions") + "UPDATE sanctions SET txid = 1",
    "a row of one association written by another": UNGUARDED.format("memberships")
    + "UPDATE memberships SET association = 'ACEG' WHERE association = 'ICG' AND member_id = '1'",
    "a membership of somebody else's member id": UNGUARDED.format("memberships")
    + "UPDATE memberships SET association = 'ACEG' WHERE association = 'ICG' AND member_id = '1'",
    "an idempotency key without its answer": "UPDATE idempotency_keys SET status = NULL",
    "a wrong check character": "UPDATE people SET number = left(number, 9)"
    " || CASE right(number, 1) WHEN '1' THEN '2' ELSE '1' END",
    "a merged number that leads in a circle": "INSERT INTO merges"
    " (person_id, valid, known, txid, kept_person_id, decided_by, reason)"
    " SELECT kept_person_id, valid, known, txid, person_id, decided_by, reason FROM merges",
    "a merged number whose public entry does not lead to the one kept": "UPDATE public_entries e"
    " SET bodies = k.bodies, starts = k.starts FROM public_entries k, merges m"
    " WHERE e.person_id = m.person_id AND k.person_id = m.kept_person_id",
    "a person without a public entry": "DELETE FROM public_entries",
    GAP: UNGUARDED.format("journal") + "DELETE FROM journal WHERE position = 30",
    CHANGED: UNGUARDED.format("journal") + "UPDATE journal SET actor = 'nobody' WHERE position = 30",
    STALE: "UPDATE public_entries SET bodies[1] = replace(bodies[1], 'false', 'true')",
}


async def eventful(register: Register) -> None:
    """Give a register one of everything that has happened to people."""
    number = await licensed(register, "1")
    lifted = await make_licences.impose(register, number)
    register.clock.now += timedelta(minutes=1)
    await make_licences.lift(register, lifted.json()["id"])
    await make.member(register, "ACEG", "1", family_name="Unrelated")
    await applicant(register, "2")
    falsified = await licensed(register, "3")
    rows = await register.db.fetch("SELECT holding_id FROM licences ORDER BY id DESC LIMIT 1")
    answer = await register.http.post(
        f"/v1/holdings/{rows[0]['holding_id']}/authentication-withdrawals",
        json={"reason": "The certificate was forged."},
        headers=registrar("registrar-three"),
    )
    assert answer.status_code == 201, answer.text
    assert await make_licences.verdict(register, falsified) == "suspended"
    await licensed(register, "4", **NAME)
    await make.member(register, "ACEG", "4", **NAME)
    found = await register.http.get("/v1/possible-duplicates", headers=registrar())
    assert (await say(register, found.json()["items"][0]["id"], "same_person")).status_code == 201
    again = association() | {"Idempotency-Key": "once"}
    body = {"member_id": "1", "retired_on": "2027-01-01"}
    assert (await register.http.post("/v1/retirements", json=body, headers=again)).status_code == 201


@asynccontextmanager
async def as_owner(register: Register) -> AsyncIterator[Transaction]:
    """Open a transaction as the owner of the tables; whatever it does is undone."""
    engine = create_async_engine(register.urls.owner, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            raw = await connection.get_raw_connection()
            transaction = await connection.begin()
            driver = raw.driver_connection
            assert isinstance(driver, asyncpg.Connection)
            # Opens the transaction on the driver too, on which the faults are planted.
            await connection.exec_driver_sql("SELECT 1")
            yield Transaction(connection, driver)
            await transaction.rollback()
    finally:
        await engine.dispose()


async def test_a_sound_register_answers_with_nothing(register: Register) -> None:
    await eventful(register)
    assert await integrity.check(register.db, now=register.clock.now) == []
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_each_planted_fault_is_found_by_its_question(register: Register) -> None:
    await eventful(register)
    assert set(FAULTS) == {question.name for question in QUESTIONS} | {GAP, CHANGED, STALE}
    found = {}
    for name, planted in FAULTS.items():
        async with as_owner(register) as tx:
            assert await integrity.check_within(tx, now=register.clock.now) == []
            await tx.driver.execute(planted)
            findings = await integrity.check_within(tx, now=register.clock.now)
            found[name] = name in {finding.name for finding in findings}
    assert found == dict.fromkeys(FAULTS, True)


async def test_a_merge_excuses_no_membership_of_a_stranger(register: Register) -> None:
    await eventful(register)
    async with as_owner(register) as tx:
        await tx.driver.execute(
            UNGUARDED.format("memberships") + "UPDATE memberships SET association = 'ACEG', member_id = '1'"
            " WHERE person_id = (SELECT person_id FROM merges)"
        )
        found = {finding.name for finding in await integrity.check_within(tx, now=register.clock.now)}
    assert "a membership of somebody else's member id" in found


async def test_the_command_prints_what_it_found_and_fails(register: Register) -> None:
    number = await licensed(register)
    owner = await asyncpg.connect(register.urls.owner.replace("+asyncpg", ""))
    await owner.execute("DELETE FROM public_entries")
    await owner.close()
    done = await asyncio.to_thread(command, register, "integrity", "--all")
    assert done.returncode == 1
    assert number in done.stdout
    assert "a person without a public entry" in " ".join(done.stdout.split())
