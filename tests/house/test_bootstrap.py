"""The Makefile: the only vocabulary, which makes its own environment, wherever the checkout lies."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from shared.schema_version import ROOT

WORDS = ("run", "test", "check", "fix", "bench", "migrate", "revision", "reset")
MAKEFILE = (ROOT / "Makefile").read_text()


def make(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run make in a folder, as at a plain terminal."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PYTHON", "MFLAGS"))
    }
    return subprocess.run(
        ["make", *words],
        cwd=folder,
        env=kept | environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in a folder with spaces, its environment already made; nothing is installed."""
    folder = tmp_path / "my check out"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    for lock in ("requirements-dev.lock", "requirements-tools.lock"):
        shutil.copy(ROOT / lock, folder)
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    script(programs / "python", '[ "$1" != -m ] || echo "python $* [${PYTHONDONTWRITEBYTECODE-unset}]"')
    lock = (folder / "requirements-dev.lock").read_bytes()
    size = subprocess.run(["cksum"], input=lock, capture_output=True, check=True)
    (folder / ".venv" / "made-from.txt").write_text(f"{size.stdout.decode().strip()} {folder}\n")
    return folder


def script(file: Path, body: str) -> Path:
    """Write a small program."""
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return file


def without_python(folder: Path, *programs: str) -> str:
    """Return a PATH on which there is nothing but the shell's own programs and those that are given."""
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    for name in ("sh", "cat", "cksum", "cut", "dirname", "make", "sed", "touch", *programs):
        found = shutil.which(name)
        assert found, name
        (bin_folder / name).symlink_to(found)
    return str(bin_folder)


def test_make_alone_lists_every_command_with_what_it_does(checkout: Path) -> None:
    listed = dict(re.findall(r"^  make (\S+) +(\S.*)$", make(checkout).stdout, re.MULTILINE))
    assert set(WORDS) <= listed.keys()
    assert "help" in listed


def test_every_target_is_phony_so_that_no_file_can_hide_it() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)) == set(phony[1].split())


def test_a_file_named_like_a_command_does_not_stop_it(checkout: Path) -> None:
    (checkout / "run").touch()
    assert "python -m shared.supervisor run" in make(checkout, "run").stdout


@pytest.mark.parametrize("word", ["run", "migrate", "reset"])
def test_a_made_environment_is_used_as_it_is_and_bytecode_is_kept(checkout: Path, word: str) -> None:
    outcome = make(checkout, word, PYTHONDONTWRITEBYTECODE="1")
    assert (outcome.returncode, outcome.stdout) == (0, f"python -m shared.supervisor {word} [unset]\n")
    assert outcome.stderr == ""


def test_the_environment_of_another_checkout_is_left_as_it_is(checkout: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    (checkout / ".venv").rename(theirs)
    (checkout / ".venv").symlink_to(theirs)
    (theirs / "made-from.txt").write_text("another lock in another place\n")
    assert "python -m shared.supervisor run" in make(checkout, "run").stdout
    assert sorted(each.name for each in theirs.iterdir()) == ["bin", "made-from.txt"]
    shutil.rmtree(theirs)
    outcome = make(checkout, "run")
    assert outcome.returncode != 0
    assert outcome.stderr.startswith(".venv is a link, and no environment stands behind it")


def test_a_revision_without_a_service_says_how(checkout: Path) -> None:
    outcome = make(checkout, "revision")
    assert outcome.returncode != 0
    assert 'make revision service=register message="expand: ..."' in outcome.stderr


def test_a_machine_without_python_is_told_what_to_install_in_one_line(checkout: Path, tmp_path: Path) -> None:
    (checkout / ".venv" / "made-from.txt").unlink()
    outcome = make(checkout, "run", PATH=without_python(tmp_path))
    assert outcome.returncode != 0
    assert outcome.stderr.startswith("Python 3.11 or newer is needed and not here: install it")
    assert len(outcome.stderr.splitlines()) == 2, "one line of ours and one of make"


def test_an_older_python_is_not_taken(checkout: Path, tmp_path: Path) -> None:
    (checkout / ".venv" / "made-from.txt").unlink()
    path = without_python(tmp_path)
    script(Path(path) / "python3", "exit 1")  # what a version too old answers to the question
    assert "Python 3.11 or newer" in make(checkout, "run", PATH=path).stderr


def test_a_python_without_venv_is_told_what_to_install_in_one_line(checkout: Path, tmp_path: Path) -> None:
    (checkout / ".venv" / "made-from.txt").unlink()
    path = without_python(tmp_path)
    script(Path(path) / "python3", 'case "$2" in *ensurepip*) exit 1 ;; esac')
    outcome = make(checkout, "run", PATH=path)
    assert outcome.returncode != 0
    assert outcome.stderr.startswith(
        "Python's venv is needed and not here: install it (Debian, Ubuntu: apt-get"
    )
    assert len(outcome.stderr.splitlines()) == 2, "one line of ours and one of make"


def test_what_is_installed_follows_the_lock(checkout: Path, tmp_path: Path) -> None:
    path = without_python(tmp_path)
    version = re.search(r"^uv==(\S+)", (ROOT / "requirements-tools.lock").read_text())
    assert version
    script(Path(path) / "python3", "exit 0")
    answer = f'case "$1" in --version) echo "uv {version[1]}" ;; *) echo "uv $*" >&2 ;; esac'
    script(Path(path) / "uv", answer)
    assert "uv" not in make(checkout, "run", PATH=path).stderr
    (checkout / "requirements-dev.lock").write_text("# another\n")
    again = make(checkout, "run", PATH=path)
    assert (
        "uv pip sync --quiet --require-hashes --python .venv/bin/python requirements-dev.lock" in again.stderr
    )
    assert "uv" not in make(checkout, "run", PATH=path).stderr


def test_ci_runs_the_two_commands_and_needs_no_one_to_install_anything() -> None:
    steps = (ROOT / ".ci" / "run").read_text()
    assert stat.S_IMODE((ROOT / ".ci" / "run").stat().st_mode) & 0o111
    assert (
        steps.index("apt-get update")
        < steps.index("apt-get install")
        < steps.index("make test")
        < steps.index("make check")
    )
    assert "export CI=true" in steps


def test_the_hooks_before_a_commit_hold_no_logic_of_their_own() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    for hook in (hook for repo in hooks for hook in repo["hooks"]):
        word, target = hook["entry"].split()
        assert word == "make"
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_data_and_environments_are_not_committed() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"/.data/", "/.venv/", "/.tools/", ".env"} <= set(ignored)
