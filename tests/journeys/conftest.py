"""One running system for all stories: a copy of this checkout, started as a newcomer starts it."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.postgres.server import destroy
from tests.house.place import free_ports
from tests.house.source import ROOT

NEEDED = (
    "services", "shared", "examples", "docs", "deploy", ".ci", "Makefile", "alembic.ini", "pyproject.toml",
    "README.md", "requirements-dev.lock", "requirements-tools.lock",
)  # fmt: skip


@dataclass(frozen=True)
class System:
    """A running copy, and the environment in which its commands are typed."""

    root: Path
    environment: dict[str, str]

    @property
    def sample(self) -> dict[str, Any]:
        """The facts that the start left for scripts."""
        known: dict[str, Any] = json.loads((self.root / ".data/sample.json").read_text())
        return known

    def type(self, script: str) -> subprocess.CompletedProcess[str]:
        """Type a script at a terminal in the copy; the first command that fails ends it."""
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Everything running, with the sample loaded."""
    root = tmp_path_factory.mktemp("a new clone")
    for name in NEEDED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    for name in (".venv", ".tools"):
        if (ROOT / name).exists():
            (root / name).symlink_to(ROOT / name)
    gateway, register = free_ports()
    cpd, kitemark = free_ports()
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment = (
        kept
        | {"GATEWAY_PORT": str(gateway), "REGISTER_PORT": str(register), "CPD_PORT": str(cpd)}
        | {"KITEMARK_PORT": str(kitemark)}
    )
    process = subprocess.Popen(
        ["make", "run"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    if not any(line.startswith("ready in") for line in process.stdout):
        pytest.fail("the system did not get ready")
    yield System(root, environment)
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=60)
    destroy(root / ".data")
