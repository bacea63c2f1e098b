"""What the sources ask for, and where it is answered: paths are routes, tests exist, no ask stands twice."""

import ast
import re

import pytest

from tests.cpd.authorisation.test_matrix import ROUTES as OF_CPD
from tests.house.source import ROOT
from tests.kitemark.authorisation.test_matrix import ROUTES as OF_KITEMARK
from tests.register.authorisation.test_matrix import ROUTES as OF_REGISTER

ROUTES = (*OF_REGISTER.values(), *OF_CPD.values(), *OF_KITEMARK.values())
ROW = re.compile(r"^\| ([0-4]-\d\d[a-z]?) \| (.+) \| (.+) \| (.*) \|$")
ROWS = [
    match.groups()
    for line in (ROOT / "docs/coverage.md").read_text().splitlines()
    if (match := ROW.match(line))
]
PATH = re.compile(r"`(GET|POST|PUT|DELETE) (/v1/[^`?]+)[^`]*`")
TEST = re.compile(r"`(tests/[^`:]+\.py)::(\w+)`")

each_row = pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])


def test_no_ask_is_listed_twice() -> None:
    asks = [ask for ask, *_ in ROWS]
    assert sorted(set(asks)) == sorted(asks)


@each_row
def test_every_path_that_answers_an_ask_is_a_route(row: tuple[str, ...]) -> None:
    routes = {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in ROUTES}
    named = {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in PATH.findall(row[2])}
    assert named <= routes


@each_row
def test_every_answer_by_a_path_is_shown_by_a_test_that_exists(row: tuple[str, ...]) -> None:
    tests = TEST.findall(row[3])
    assert tests or not PATH.search(row[2])
    for file, name in tests:
        defined = {getattr(node, "name", None) for node in ast.parse((ROOT / file).read_text()).body}
        assert name in defined, (file, name)
