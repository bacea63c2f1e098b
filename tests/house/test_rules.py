"""What import contracts cannot say: length, names, records, docstrings, documents that stay true."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from shared.errors import code_of
from tests.house.source import (
    CODE,
    ROOT,
    called_names,
    functions,
    name_of,
    python_files,
    refusals,
    tree,
)

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "base", "manager", "service", "constants"}
DOMAIN_WORDS = {"licence", "membership", "holding", "sanction", "practitioner", "school", "award", "cpd"}
WRITES = {"insert", "update", "delete", "assert_fact", "correct_fact", "copy_records_to_table"}
# A projection of what is written elsewhere, in the same transaction or by a neighbour that is followed;
# reference data under its own record; what is only staged, for a write that has its record.
RECORDED_ELSEWHERE = {
    "services/register/storage/public_entries.py",
    "services/register/storage/facts.py",
    "services/cpd/storage/facts.py",
    "services/kitemark/storage/facts.py",
    "services/kitemark/storage/establishments/loading.py",
    "services/cpd/storage/members.py",
}
# Tidying away what has expired, and the guard against an assertion sent twice: nobody's facts change.
TIDYING = {"forget", "forget_expired"}
NOT_A_CHANGE = {"services/gateway/storage/used_assertions.py"}

TEXTS = (".py", ".md", ".toml", ".yml", ".lock", ".json", ".ini", ".env", "Makefile", "run", "Dockerfile")

ALL_CODE = python_files(*CODE)
ALL_FILES = python_files(*CODE, "tests")


def ids(path: Path) -> str:
    return name_of(path)


@pytest.mark.parametrize("path", ALL_FILES, ids=ids)
def test_no_file_is_longer_than_a_person_reads_at_once(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", ALL_CODE, ids=ids)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    long = {f.name for f in functions(path) if f.end_lineno - f.lineno >= LONGEST_FUNCTION}  # type: ignore[operator]
    assert not long


@pytest.mark.parametrize("path", ALL_FILES, ids=ids)
def test_no_file_has_a_name_that_says_nothing(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES


@pytest.mark.parametrize("path", ALL_CODE, ids=ids)
def test_every_module_says_what_it_promises(path: Path) -> None:
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", ALL_CODE, ids=ids)
def test_every_public_function_and_class_says_what_it_promises(path: Path) -> None:
    public = [
        node
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
    ]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("path", ALL_CODE, ids=ids)
def test_an_init_file_holds_one_docstring_and_nothing_else(path: Path) -> None:
    if path.name == "__init__.py":
        assert len(tree(path).body) == 1


@pytest.mark.parametrize("path", python_files("shared"), ids=ids)
def test_shared_has_no_word_of_the_domain_among_its_names(path: Path) -> None:
    names = {
        word
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for word in re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name).lower().split("_")
    }
    assert not names & DOMAIN_WORDS


@pytest.mark.parametrize(
    "path",
    [p for p in ALL_CODE if "storage" in p.parts and name_of(p) not in RECORDED_ELSEWHERE | NOT_A_CHANGE],
    ids=ids,
)
def test_every_write_demands_a_record(path: Path) -> None:
    for function in functions(path):
        if function.name.startswith("_") or function.name in TIDYING or not called_names(function) & WRITES:
            continue
        demanded = {
            argument.arg
            for argument, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
            if default is None
        }
        assert demanded & {"record", "records"}, function.name


@pytest.mark.parametrize("path", ALL_CODE, ids=ids)
def test_only_the_clock_reads_the_time(path: Path) -> None:
    if path.name != "clock.py":
        assert not called_names(tree(path)) & {"now", "utcnow", "today"}


def test_every_event_is_documented() -> None:
    documented = (ROOT / "docs/events.md").read_text()
    written = {
        keyword.value.value
        for path in ALL_CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "event" and isinstance(keyword.value, ast.Constant)
    }
    assert written
    assert {event for event in written if f"`{event}`" not in documented} == set()


def test_every_refusal_is_documented_with_its_cause_and_mend() -> None:
    documented = (ROOT / "docs/errors.md").read_text()
    codes = {code_of(type(name, (), {})) for name in refusals()}
    assert {code for code in codes if f"## {code}\n" not in documented} == set()
    headings = [line for line in documented.splitlines() if line.startswith("## ")]
    assert sorted(set(headings)) == sorted(headings)


def test_every_refusal_has_a_sentence_as_its_message() -> None:
    for name, node in refusals().items():
        message = ast.get_docstring(node) or ""
        assert message.strip().endswith((".", "?", "}")), name


def test_no_file_carries_the_path_of_a_machine_or_the_host_of_a_registry() -> None:
    forbidden = re.compile(r"(^|[\s\"'=(])/(work|root|home)/[a-z.]|pypi\.org|pythonhosted|registry\.npmjs")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    texts = [
        ROOT / name
        for name in listed
        if name.endswith(TEXTS)
        and (ROOT / name).exists()
        and "/vendor/" not in name
        and name != name_of(Path(__file__))
    ]
    assert [name_of(path) for path in texts if forbidden.search(path.read_text())] == []
