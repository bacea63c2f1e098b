"""Integrity of providers: a sound database answers with nothing, and each seeded fault is seen."""

import asyncpg
import pytest

from services.kitemark.operations import integrity
from shared.postgres.urls import asyncpg_dsn
from tests.kitemark.conftest import Kitemark
from tests.kitemark.providers.make_providers import OTHER, PANEL, UKPRN, accredit, provider, send_file

COPY = """
    INSERT INTO accreditations (subject, valid, known, keeper, own_id, standard, source{more})
    SELECT subject, valid, tstzrange(lower(known), NULL), keeper, own_id, standard, source{value}
    FROM accreditations LIMIT 1
"""
FAULTS = {
    "a keeper's accreditation recorded twice": [
        "DROP INDEX accreditations_own_id",
        COPY.format(more="", value=""),
    ],
    "a fact of a provider without a journal line": [
        "DROP INDEX accreditations_own_id",
        COPY.format(more="", value=""),
    ],
    "a fact of a provider known in two versions at once": [
        "DROP INDEX accreditations_own_id",
        "DROP INDEX accreditations_one_open_version",
        COPY.format(more=", id", value=", id"),
    ],
    "an accreditation of a provider that nobody recorded": [
        "ALTER TABLE providers DISABLE TRIGGER never_delete",
        f"DELETE FROM providers WHERE subject = '{UKPRN}'",
    ],
    "an accreditation to a standard that is not known": ["DELETE FROM reference WHERE code = 'matrix'"],
    "a file of accreditations without a journal line": [
        "INSERT INTO accreditation_files (keeper, as_of, sha256, report, read_at)"
        " VALUES ('x', '2026-11-21', 'x', '{}', now())",
    ],
    "a provider that went over into one that closed before it": [
        "INSERT INTO provider_closings (subject, valid, known, outcome)"
        f" VALUES ('{OTHER}', '[2026-01-01,)', tstzrange(now(), NULL), 'closed')",
    ],
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_seeded_fault_is_seen_where_before_all_was_sound(kitemark: Kitemark, fault: str) -> None:
    await provider(kitemark)
    await provider(kitemark, OTHER)
    await accredit(kitemark)
    await send_file(kitemark, f"M-1,{UKPRN},,matrix,,2025-01-01,2028-12-31,")
    body = {"closed_on": "2026-10-31", "outcome": "merged", "successor": OTHER}
    await kitemark.http.post(f"/v1/providers/{UKPRN}/closing", json=body, headers=PANEL)
    assert await integrity.check(kitemark.db) == []
    owner = await asyncpg.connect(asyncpg_dsn(kitemark.urls.owner))
    for statement in FAULTS[fault]:
        await owner.execute(statement)
    await owner.close()
    assert fault in {finding.name for finding in await integrity.check(kitemark.db)}


async def test_the_running_role_changes_no_history_and_a_body_writes_in_its_own_list_alone(
    kitemark: Kitemark,
) -> None:
    await provider(kitemark)
    await accredit(kitemark)
    running = await asyncpg.connect(asyncpg_dsn(kitemark.urls.app))
    for statement in (
        "UPDATE providers SET name = 'X'",
        "DELETE FROM accreditations",
        "UPDATE provider_closings SET successor = NULL",
        "DELETE FROM accreditation_files",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await running.execute(statement)
    async with running.transaction():
        await running.execute("SELECT set_config('app.body', 'other-body', true)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await running.execute(COPY.format(more="", value=""))
    await running.close()
