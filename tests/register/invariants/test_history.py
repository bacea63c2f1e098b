"""I4 and I6: history is only added to, and no write goes without its journal line."""

from collections.abc import Iterator

import asyncpg
import pytest
import structlog

from tests.callers import association, registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.invariants.state import FACTS, digests, transactions
from tests.register.make_licences import applicant, apply, decide, impose, licensed, lift, retire, verdict
from tests.register.test_possible_duplicates import say, two_records

CHANGES = ("UPDATE {0} SET txid = 0", "DELETE FROM {0}", "TRUNCATE {0} CASCADE")
ESCAPES = (
    "SET session_replication_role = 'replica'",
    "ALTER TABLE journal DISABLE TRIGGER never_change",
    "ALTER TABLE licences DROP CONSTRAINT licences_no_overlap",
    "DROP TABLE journal CASCADE",
    "DROP TRIGGER never_change ON journal",
    "CREATE OR REPLACE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "SET ROLE register_owner",
    "ALTER TABLE licences DISABLE ROW LEVEL SECURITY",
)


async def attempt(url: str, statement: str) -> None:
    """Run a statement; what it changes is kept if it is let through."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("role", ["app", "owner"])
async def test_nobody_changes_or_removes_history(register: Register, role: str) -> None:
    sanction = (await impose(register, await licensed(register))).json()
    await lift(register, sanction["id"])
    _, _, duplicate_id = await two_records(register, first_member_id="7")
    assert (await say(register, duplicate_id, "same_person")).status_code == 201
    before = await digests(register)
    for table in ("journal", *FACTS):
        for change in CHANGES:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await attempt(getattr(register.urls, role), change.format(table))
    assert await digests(register) == before


async def test_the_running_role_cannot_change_acceptances_nor_lift_the_guards(register: Register) -> None:
    await licensed(register)
    before = await digests(register)
    for change in CHANGES:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await attempt(register.urls.app, change.format("code_acceptances"))
    for escape in ESCAPES:
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedObjectError)):
            await attempt(register.urls.app, escape)
    assert await digests(register) == before


async def test_without_its_guard_the_journal_could_be_changed_by_its_owner(register: Register) -> None:
    """The fault that shows what the trigger holds off."""
    await licensed(register)
    await attempt(register.urls.owner, "ALTER TABLE journal DISABLE TRIGGER never_change")
    await attempt(register.urls.owner, "UPDATE journal SET actor = 'nobody' WHERE position = 1")
    rows = await register.db.fetch("SELECT actor FROM journal WHERE position = 1")
    assert rows[0]["actor"] == "nobody"


FAILING_JOURNAL = """
CREATE FUNCTION fail_on_purpose() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the journal is broken on purpose'; END $$;
CREATE TRIGGER fail_on_purpose BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION fail_on_purpose();
"""


@pytest.fixture
def plain_logs() -> Iterator[None]:
    """Write faults as plain lines: drawing each traceback with its variables takes seconds."""
    with structlog.testing.capture_logs():
        yield


@pytest.mark.usefixtures("plain_logs")
async def test_when_the_journal_cannot_be_written_nothing_else_is(register: Register) -> None:
    number = await licensed(register, "1")
    sanction = (await impose(register, number)).json()
    _, application_id = await applicant(register, "2")
    await make.member(register, "ICG", "3")
    holding_id = await make.holding(register, "ICG", "3")
    await attempt(register.urls.owner, FAILING_JOURNAL)
    before = await digests(register)
    register.clock.now = register.clock.now.replace(day=25)
    own, other = association(), registrar("registrar-nine")
    answers = [
        await make.put_member(register, "ICG", "4"),
        await make.put_member(register, "ICG", "3", family_name="Changed"),
        await register.http.post(
            "/v1/holdings", json={"member_id": "3", **make.LISTED, "awarded_on": "2015-07-01"}, headers=own
        ),
        await register.http.post(
            f"/v1/holdings/{holding_id}/rejections", json={"reason": "Not shown."}, headers=other
        ),
        await apply(register, "3"),
        await decide(register, application_id),
        await decide(register, application_id, "refused"),
        await register.http.post(
            f"/v1/applications/{application_id}/withdrawal",
            json={},
            headers=own | {"Idempotency-Key": "broken"},
        ),
        await impose(register, number, "removal"),
        await lift(register, sanction["id"]),
        await retire(register, number, "2026-11-24"),
    ]
    assert {answer.status_code for answer in answers} == {500}
    assert await digests(register) == before
    await attempt(register.urls.owner, "DROP TRIGGER fail_on_purpose ON journal")
    assert (await retire(register, number, "2026-11-24")).status_code == 201
    assert await verdict(register, number) == "retired"


async def test_each_accepted_write_has_lines_of_its_own_and_each_refused_one_has_none(
    register: Register,
) -> None:
    before, accepted = await transactions(register), 0
    number, application_id = await applicant(register)
    accepted += 5  # member, holding, authentication, acceptance, application
    for answer in (
        await apply(register),
        await decide(register, application_id),
        await decide(register, application_id),
        await impose(register, number),
        await impose(register, number, "scolding"),
        await lift(register, 999_999),
        await retire(register, number, "2027-01-01"),
        await retire(register, number, "2027-01-01"),
    ):
        accepted += answer.is_success
    assert await transactions(register) - before == accepted == 8
