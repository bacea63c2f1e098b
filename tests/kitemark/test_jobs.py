"""The jobs of the kite mark as a scheduler runs them, and whether a sound database is said to be one."""

import os
import subprocess
import sys

import asyncpg

from services.kitemark.operations import integrity
from shared.postgres.urls import asyncpg_dsn
from shared.schema_version import ROOT
from tests.kitemark.conftest import Kitemark


def command(kitemark: Kitemark, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the database of a test and return how it ended."""
    environment = os.environ | {
        "KITEMARK_DATABASE_URL": kitemark.urls.app,
        "KITEMARK_ENVIRONMENT": "development",
    }
    return subprocess.run(
        [sys.executable, "-m", "services.kitemark.jobs", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


async def test_the_integrity_command_says_nothing_or_ends_with_one_and_a_table(kitemark: Kitemark) -> None:
    sound = command(kitemark, "integrity")
    assert (sound.returncode, sound.stdout, sound.stderr) == (0, "", "")
    owner = await asyncpg.connect(asyncpg_dsn(kitemark.urls.owner))
    await owner.execute("ALTER TABLE journal DISABLE TRIGGER USER")
    await owner.execute("UPDATE journal SET event = 'reference.changed' WHERE position = 1")
    await owner.execute(
        "INSERT INTO journal SELECT position + 500, at, actor, event, subject, facts, previous FROM journal"
    )
    await owner.close()
    assert {finding.invariant for finding in await integrity.check(kitemark.db)} == {"I6"}
    broken = command(kitemark, "integrity")
    assert broken.returncode == 1
    assert "a gap in the journal" in broken.stdout
