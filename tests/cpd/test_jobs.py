"""The jobs of CPD as a scheduler runs them: a process of their own, and one line for what cannot be done."""

import os
import subprocess
import sys

import asyncpg

from shared.postgres.urls import asyncpg_dsn
from shared.schema_version import ROOT
from tests.cpd import make
from tests.cpd.conftest import Cpd
from tests.cpd.people import member


def command(cpd: Cpd, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the database of a test and return how it ended."""
    environment = os.environ | {"CPD_DATABASE_URL": cpd.urls.app, "CPD_ENVIRONMENT": "development", **more}
    return subprocess.run(
        [sys.executable, "-m", "services.cpd.jobs", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


async def test_the_integrity_command_says_nothing_or_ends_with_one_and_a_table(cpd: Cpd) -> None:
    await member(cpd)
    await make.put(cpd)
    sound = command(cpd, "integrity")
    assert (sound.returncode, sound.stdout, sound.stderr) == (0, "", "")
    owner = await asyncpg.connect(asyncpg_dsn(cpd.urls.owner))
    await owner.execute("UPDATE followed SET position = 0")
    await owner.close()
    broken = command(cpd, "integrity")
    assert broken.returncode == 1
    assert "I13" in broken.stdout


async def test_what_is_missing_is_said_in_one_line(cpd: Cpd) -> None:
    lost = command(cpd, "rebuild-members")
    assert (lost.returncode, lost.stderr) == (
        2,
        "Set CPD_DATABASE_URL and CPD_ENVIRONMENT, and what following the register needs.\n",
    )
    silent = command(
        cpd,
        "rebuild-members",
        CPD_REGISTER_URL="http://127.0.0.1:1",
        CPD_TOKEN_URL="http://127.0.0.1:1/oauth/token",
        CPD_CLIENT_ID="cpd",
        CPD_CLIENT_SECRET="a secret",
    )
    assert (silent.returncode, silent.stderr.count("\n")) == (2, 1)
    assert "gateway service does not answer" in silent.stderr
