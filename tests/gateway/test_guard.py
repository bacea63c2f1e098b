"""The guard alone: what a document comes to, how fast that is known, and where the line is."""

import time

import pytest
from graphql import get_introspection_query, parse

from services.gateway.graph import guard
from services.gateway.graph.guard import (
    FragmentNotUsed,
    FragmentsGoInCircles,
    IntrospectionIsOff,
    QueryTooComplex,
)
from services.gateway.graph.schema import executable
from shared.errors import Refusal

LICENCE = 'licence(number: "x")'


def check(query: str, *, introspection: bool = True, **variables: object) -> None:
    document = parse(query, max_lexical_tokens=2000)
    guard.check(executable, document, variables=variables, introspection=introspection)


def refused(query: str, kind: type[Refusal], **variables: object) -> Refusal:
    with pytest.raises(kind) as caught:
        check(query, **variables)
    return caught.value


def aliases(count: int) -> str:
    return "{" + " ".join(f"a{n}: {LICENCE} {{ verdict }}" for n in range(count)) + "}"


def directives(count: int) -> str:
    return f"{{ {LICENCE} {{ verdict {'@skip(if: false) ' * count} }} }}"


def fields(count: int) -> str:
    return f"{{ {LICENCE} {{ {'verdict ' * (count - 1)} }} }}"


def nested(depth: int) -> str:
    return "{ a" + " { a" * (depth - 1) + " }" * depth


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (aliases, guard.MOST_ALIASES),
        (directives, guard.MOST_DIRECTIVES),
        (fields, guard.MOST_FIELDS),
        (nested, guard.DEEPEST),
    ],
)
def test_the_line_is_drawn_exactly(make: object, most: int) -> None:
    assert callable(make)
    check(make(most))
    refused(make(most + 1), QueryTooComplex)


def test_the_limits_are_those_that_were_published() -> None:
    assert (guard.DEEPEST, guard.MOST_ALIASES, guard.MOST_DIRECTIVES, guard.MOST_COST) == (10, 15, 50, 20_000)
    assert guard.MOST_STEPS == 120_000


@pytest.mark.parametrize(
    "wrap", ["{ ... { %s } }", "{ ... on Query { %s } }", "{ ...F } fragment F on Query { %s }"]
)
def test_fragments_hide_nothing(wrap: str) -> None:
    inner = aliases(16)[1:-1]
    assert "aliases" in refused(wrap % inner, QueryTooComplex).detail


def test_two_operations_are_weighed_together() -> None:
    body = " ".join(f"a{n}: {LICENCE} {{ verdict }}" for n in range(8))
    refused(f"query A {{ {body} }} query B {{ {body} }}", QueryTooComplex)


def test_cost_is_the_product_of_the_lengths_of_lists() -> None:
    query = "query ($n: [String!]!) { practitioners(numbers: $n) { licence { sanctions { kind } } } }"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "MOST_STEPS", 10**9)
        check(query, n=["x"] * 2857)  # each comes to 1 + 1 + 5 objects
        assert "objects" in refused(query, QueryTooComplex, n=["x"] * 2858).detail


def test_what_is_asked_of_each_object_counts_too() -> None:
    asked = "number familyName licence { verdict validTo }"  # four fields of two objects
    query = f"query ($n: [String!]!) {{ practitioners(numbers: $n) {{ {asked} }} }}"
    most = guard.MOST_STEPS // (4 + 2 * guard.STEPS_OF_AN_OBJECT)
    check(query, n=["x"] * most)
    assert "steps" in refused(query, QueryTooComplex, n=["x"] * (most + 1)).detail


def test_all_there_is_to_ask_of_a_thousand_practitioners_is_not_too_much() -> None:
    sanctions = "sanctions { kind publicReason validFrom validTo }"
    licence = f"licence {{ {'verdict ' * 15} {sanctions} }}"
    check(
        f"query ($n: [String!]!) {{ practitioners(numbers: $n) {{ {'number ' * 8} {licence} }} }}",
        n=["x"] * 1000,
    )


def test_a_literal_list_and_a_default_count_as_a_variable_does() -> None:
    numbers = '"x" ' * 1900
    many = "licence { sanctions { kind } } two: licence { sanctions { kind } }"
    for query in (
        f"{{ practitioners(numbers: [{numbers}]) {{ {many} }} }}",
        f"query ($n: [String!]! = [{numbers}]) {{ practitioners(numbers: $n) {{ {many} }} }}",
    ):
        refused(query, QueryTooComplex)


def test_references_of_other_graphs_cost_as_lists_do() -> None:
    query = "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }"
    most = guard.MOST_STEPS // (1 + guard.STEPS_OF_AN_OBJECT)
    check(query, r=[{}] * most)
    refused(query, QueryTooComplex, r=[{}] * (most + 1))


@pytest.mark.parametrize(
    "query",
    [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ ...A } fragment A on Query { licence(number: 1) { ... { ...B } } } fragment B on Licence { ...A }",
    ],
)
def test_fragments_that_go_in_circles_are_refused(query: str) -> None:
    refused(query, FragmentsGoInCircles)


def test_a_fragment_that_nobody_uses_is_refused() -> None:
    refused("{ a } fragment A on Query { a }", FragmentNotUsed)
    refused("{ a } fragment A on Query { ...B } fragment B on Query { ...A }", FragmentNotUsed)


def doubling(count: int, last: str) -> str:
    parts = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(count)]
    return " ".join(["{ ...F0 }", *parts, f"fragment F{count} on Query {{ {last} }}"])


def test_fragments_that_double_each_other_count_as_if_written_out() -> None:
    check(doubling(8, "__typename"))
    refused(doubling(9, "__typename"), QueryTooComplex)


def test_each_fragment_is_measured_once_however_often_it_is_spread() -> None:
    document = parse(doubling(22, "...Missing"))  # no field that could be counted, four million spreads
    started = time.perf_counter()
    guard.check(executable, document, variables={}, introspection=True)
    assert time.perf_counter() - started < 0.5


def test_a_long_chain_of_fragments_is_refused_without_running_out_of_stack() -> None:
    chain = "".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(200))
    refused("{ ...F0 }" + chain + "fragment F200 on Query { a }", QueryTooComplex)


def test_the_whole_schema_can_be_asked_for_by_the_usual_query() -> None:
    check(
        get_introspection_query(
            specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True
        )
    )


def test_asking_for_the_schema_in_circles_is_too_much() -> None:
    inner = "{ fields { type " * 9 + "{ name }" + " } }" * 9
    refused("{ __schema { types " + inner + " } }", QueryTooComplex)


@pytest.mark.parametrize("query", ["{ __schema { types { name } } }", '{ __type(name: "Licence") { name } }'])
def test_introspection_can_be_turned_off(query: str) -> None:
    check(query)
    with pytest.raises(IntrospectionIsOff):
        check(query, introspection=False)
    check("{ __typename }", introspection=False)


@pytest.mark.parametrize(
    "query",
    [
        "{ nothing { like { this } } }",
        "{ ...Unknown }",
        "{ ... on Nothing { a } }",
        "mutation { a }",
        "subscription { a }",
    ],
)
def test_what_is_merely_wrong_is_left_to_validation(query: str) -> None:
    check(query)


def test_lengths_that_make_no_sense_are_no_discount() -> None:
    query = (
        "query ($n: Int) { practitioners(first: $n) { number } other: practitioners(last: -5) { number } }"
    )
    check(query, n=-3)
    check(query, n="many")
    check(query, n=True)
    refused(query, QueryTooComplex, n=10**6)
    refused("{ practitioners(first: " + "9" * 400 + ") { number } }", QueryTooComplex)


PAGE = "practitionerChanges(first: {first}) {{ edges {{ node {{ practitioner {{ posts {{ role }} }} }} }} }}"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("{{ %s }}", "{n}"),
        ("query ($n: Int! = {n}) {{ %s }}", "$n"),
        ("query ($n: Int!) {{ %s }}", "$n"),
    ],
)
def test_a_page_counts_as_often_as_it_may_have_items(query: str, first: str) -> None:
    for size, fits in ((200, True), (guard.MOST_COST, False), (10**12, False)):
        page = PAGE.format(first=first.format(n=size))
        asked = query.format(n=size) % page
        given = {"n": size} if "($n: Int!)" in asked else {}
        if fits:
            check(asked, **given)
        else:
            refused(asked, QueryTooComplex, **given)


def test_a_page_without_a_size_counts_as_the_usual_one() -> None:
    fields = "{ edges { node { practitioner { licence { sanctions { kind } } } } } }"
    for size, fits in (("", True), ("(first: 200)", False)):
        pages = " ".join(f"p{n}: practitionerChanges{size} {fields}" for n in range(14))
        if fits:
            check(f"{{ {pages} }}")
        else:
            refused(f"{{ {pages} }}", QueryTooComplex)
