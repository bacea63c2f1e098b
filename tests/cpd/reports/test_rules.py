"""What the public sees of small counts: no line of few people, nor what would betray one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cpd.domain.reports.activity import (
    Activity,
    Participation,
    for_the_public,
    participation_for_the_public,
)

LEAST = 5


def lines(*people: int) -> list[Activity]:
    """Return a line for each number of people."""
    return [
        Activity(code=str(place), people=many, entries=many * 2, hours=Decimal(many) + Decimal("0.5"))
        for place, many in enumerate(people)
    ]


@pytest.mark.parametrize(
    ("people", "visible"),
    [
        ((5, 9), (5, 9)),
        ((1, 9), (None, None)),
        ((1, 7, 9), (None, None, 9)),
        ((1, 7, 7, 9), (None, None, None, 9)),
        ((4, 1, 9), (None, None, 9)),
        ((1, 2, 9, 20), (None, None, None, 20)),
        ((3,), (None,)),
        ((), ()),
    ],
)
def test_a_line_of_few_people_is_hidden_and_as_many_more_as_keep_it_so(
    people: tuple[int, ...], visible: tuple[int | None, ...]
) -> None:
    assert tuple(each.people for each in for_the_public(lines(*people), least=LEAST)) == visible


@given(st.lists(st.integers(1, 30), max_size=8))
def test_what_is_hidden_is_nothing_or_several_lines_of_enough_people_together_or_everything(
    people: list[int],
) -> None:
    shown = for_the_public(lines(*people), least=LEAST)
    hidden = [many for many, each in zip(people, shown, strict=True) if each.people is None]
    assert all(each.people is None or each.people >= LEAST for each in shown)
    assert not hidden or len(hidden) == len(people) or (len(hidden) > 1 and sum(hidden) >= LEAST)
    for each in shown:
        assert (each.people is None) == (each.entries is None) == (each.hours is None)
        assert each.hours is None or each.hours == int(each.hours)


@pytest.mark.parametrize(
    ("members", "taking", "visible"),
    [(20, 10, True), (20, 0, True), (20, 20, True), (20, 4, False), (20, 16, False), (3, 0, False)],
)
def test_participation_is_hidden_where_few_take_part_or_few_do_not(
    members: int, taking: int, visible: bool
) -> None:
    line = Participation(association="ICG", level="associate", members=members, taking_part=taking)
    (shown,) = participation_for_the_public([line], least=LEAST)
    assert (shown == line) is visible
    assert visible or (shown.members, shown.taking_part) == (None, None)
