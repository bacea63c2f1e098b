"""Integrity where the strands meet: a sound database answers with nothing, and each seeded fault is seen."""

import asyncpg

from services.kitemark.operations import integrity
from shared.postgres.urls import asyncpg_dsn
from tests.kitemark.conftest import Kitemark
from tests.kitemark.joined.test_reuses import SCHOOL, ask

FAULTS = {
    "an entry asked for twice for one award": [
        "DROP INDEX award_reuses_once",
        "INSERT INTO award_reuses (subject, valid, known, award_body, award_id, association, entry_id, work,"
        " state) SELECT subject, valid, known, award_body, award_id, association, entry_id, work, state"
        " FROM award_reuses",
    ],
    # The row that the fault before has made has no line of its own either.
    "a reuse of work without a journal line": [],
    "evidence of staff without a journal line": [
        "INSERT INTO staff_evidence (urn, taken_at, content) VALUES ('100000', now(), '{}')"
    ],
}


async def test_each_seeded_fault_is_seen_where_before_all_was_sound(kitemark: Kitemark) -> None:
    await ask(kitemark)
    await kitemark.http.post("/v1/staff-evidence", json={}, headers=SCHOOL)
    assert await integrity.check(kitemark.db) == []
    owner = await asyncpg.connect(asyncpg_dsn(kitemark.urls.owner))
    for fault, statements in FAULTS.items():
        for statement in statements:
            await owner.execute(statement)
        assert fault in {finding.name for finding in await integrity.check(kitemark.db)}
    await owner.close()
