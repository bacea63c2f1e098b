"""The import contracts hold, and each is proven by breaking it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

BREACHES = {
    "Services never import one another": (
        "services/gateway/domain/x.py",
        "import services.register.domain.person",
    ),
    "Shared knows no service": ("shared/clock.py", "import services.register.domain.person"),
    "Inside a service, calls go one way": (
        "services/register/storage/people.py",
        "import services.register.operations.members",
    ),
    "Rules are plain Python": ("services/register/domain/person.py", "import pydantic"),
    "SQL stays in storage": ("services/register/routes/members.py", "import sqlalchemy"),
    "HTTP stays at the edges": ("services/register/operations/members.py", "import httpx"),
    "Tables are private to storage": (
        "services/register/operations/members.py",
        "import services.register.storage.tables",
    ),
    "Only operations touch storage": (
        "services/register/routes/members.py",
        "import services.register.storage.people",
    ),
    "Only app reads settings": (
        "services/register/operations/members.py",
        "import services.register.settings",
    ),
    "Shared is layered too": ("shared/errors.py", "import shared.web"),
    "No circles among siblings": ("shared/actor.py", "import shared.tokens"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the code that a test may spoil."""
    for name in ("services", "shared"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold(house: Path) -> None:
    answer = lint(house)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_of_the_contract_is_found(house: Path, contract: str) -> None:
    place, line = BREACHES[contract]
    with (house / place).open("a") as file:
        file.write(f"\n\ndef _breach() -> None:\n    {line}\n")
    answer = lint(house)
    assert f"{contract} BROKEN" in answer.stdout, answer.stdout


def test_every_contract_has_a_breach_that_proves_it() -> None:
    written = (ROOT / "pyproject.toml").read_text()
    names = {
        line.split('"')[1]
        for line in written.split("[tool.importlinter]")[1].splitlines()
        if line.startswith("name =")
    }
    assert names == BREACHES.keys()


@pytest.mark.parametrize("stray", ["services/register/utils.py", "shared/helpers.py"])
def test_a_stray_module_is_found(house: Path, stray: str) -> None:
    (house / stray).write_text('"""Stray."""\n')
    assert lint(house).returncode != 0
