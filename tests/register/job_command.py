"""The register's jobs as a scheduler runs them: a process of their own."""

import os
import subprocess
import sys

from shared.schema_version import ROOT
from tests.register.conftest import Register


def command(register: Register, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the database of a test and return how it ended."""
    environment = os.environ | {
        "REGISTER_DATABASE_URL": register.urls.app,
        "REGISTER_ENVIRONMENT": "development",
    }
    return subprocess.run(
        [sys.executable, "-m", "services.register.jobs", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
