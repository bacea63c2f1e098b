"""Every command in a document works as it is typed."""

import os
import re
import shutil

import pytest

from tests.house.source import ROOT
from tests.journeys.conftest import System

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
# The commands under which the tests themselves run.
OUTER = {"make run\n", "make test\n"}
GUIDES = sorted(path.name for path in (ROOT / "docs/guides").glob("*.md"))

pytestmark = pytest.mark.slow


def commands(document: str) -> str:
    """Return all that a reader of a document types, in order."""
    return "\n".join(block for block in BLOCK.findall(document) if block not in OUTER)


def test_the_readme_leads_from_a_file_to_a_licence_and_back_in_time(system: System) -> None:
    typed = system.type(commands((ROOT / "README.md").read_text()))
    assert typed.returncode == 0, typed.stdout + typed.stderr
    assert re.findall(r'"verdict": ?"([a-z_]+)"', typed.stdout) == [
        "licensed",
        "suspended",
        "licensed",
        "not_licensed",
        "licensed",
        "suspended",
        "not_licensed",
    ]


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_of_a_guide_works(system: System, guide: str) -> None:
    if guide == "developer.md" and shutil.which("npm") is None and "CI" not in os.environ:
        pytest.skip("npm is not here, and clients in TypeScript are made with it: install nodejs and npm")
    typed = system.type(commands((ROOT / "docs/guides" / guide).read_text()))
    assert typed.returncode == 0, typed.stdout + typed.stderr


def test_every_link_in_a_document_leads_somewhere() -> None:
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
            assert (path.parent / target).exists(), (path.name, target)
