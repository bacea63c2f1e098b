"""The integrity command: a sound database answers with nothing, and each seeded fault is seen (also I16)."""

import asyncpg
import pytest

from services.cpd.operations import integrity
from shared.postgres.urls import asyncpg_dsn
from tests.cpd import make
from tests.cpd.conftest import Cpd
from tests.cpd.people import member

COPY = """
    INSERT INTO entries (number, valid, known, association, entry_id, status, title, kind, hours, approaches,
        outcomes, standards, specialisms{more})
    SELECT number, valid, tstzrange(lower(known), NULL), association, entry_id, status, title, kind, hours,
        approaches, outcomes, standards, specialisms{value} FROM entries WHERE upper_inf(known) LIMIT 1
"""
FAULTS = {
    "an association's entry recorded twice": [
        "DROP INDEX entries_own_id",
        COPY.format(more="", value=""),
    ],
    "a fact known in two versions at once": [
        "DROP INDEX entries_own_id",
        "DROP INDEX entries_one_open_version",
        COPY.format(more=", id", value=", id"),
    ],
    "a fact without a journal line": [
        "DROP INDEX entries_own_id",
        COPY.format(more="", value=""),
    ],
    "an entry of somebody who was never a member": ["DELETE FROM memberships"],
    "a line of the register applied and not counted as followed": ["UPDATE followed SET position = 0"],
    "a journal line that was changed": [
        "ALTER TABLE journal DISABLE TRIGGER never_change",
        "UPDATE journal SET actor = 'somebody else' WHERE position = 2",
    ],
    "a gap in the journal": [
        "ALTER TABLE journal DISABLE TRIGGER never_change",
        "DELETE FROM journal WHERE position = 2",
    ],
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_seeded_fault_is_seen_where_before_all_was_sound(cpd: Cpd, fault: str) -> None:
    await member(cpd)
    await make.put(cpd)
    await make.put(cpd, hours=3)
    assert await integrity.check(cpd.db) == []
    owner = await asyncpg.connect(asyncpg_dsn(cpd.urls.owner))
    for statement in FAULTS[fault]:
        await owner.execute(statement)
    await owner.close()
    assert fault in {finding.name for finding in await integrity.check(cpd.db)}


async def test_the_running_role_can_neither_change_nor_delete_history(cpd: Cpd) -> None:
    await member(cpd)
    await make.put(cpd)
    running = await asyncpg.connect(asyncpg_dsn(cpd.urls.app))
    for statement in (
        "UPDATE entries SET hours = 1",
        "DELETE FROM entries",
        "DELETE FROM journal",
        "UPDATE policies SET body = '{}'",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await running.execute(statement)
    async with running.transaction():
        await running.execute("SELECT set_config('app.association', 'ACEG', true)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await running.execute(
                COPY.format(more="", value="").replace(
                    "NULL), association, entry_id", "NULL), association, 'X'"
                )
            )
    await running.close()
