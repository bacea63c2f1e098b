"""What a new telling of a membership changes, day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.register.domain.member import (
    Change,
    Membership,
    MembershipDaysOverlap,
    current,
    membership_changes,
)
from services.register.domain.policy import MembershipLevel

FIRST = date(2020, 1, 1)
DAYS = 40

levels = st.sampled_from(MembershipLevel)
tellings = st.builds(
    lambda level, start, length: Membership(
        level=level,
        valid_from=FIRST + timedelta(days=start),
        valid_to=None if length is None else FIRST + timedelta(days=start + length),
    ),
    levels,
    st.integers(0, DAYS),
    st.none() | st.integers(0, DAYS),
)


def _applied(held: dict[int, Membership], changes: tuple[Change, ...]) -> dict[int, Membership]:
    after = dict(held)
    for change in changes:
        fact = change.corrects or max(after, default=0) + 1
        after[fact] = change.membership
    return after


def _on(held: dict[int, Membership], day: date) -> list[Membership]:
    return [each for each in held.values() if each.valid_from <= day <= (each.valid_to or date.max)]


@given(st.lists(tellings, max_size=6))
def test_whatever_is_told_in_turn_stands_and_no_day_has_two(told: list[Membership]) -> None:
    held: dict[int, Membership] = {}
    for telling in told:
        before = held
        try:
            held = _applied(held, membership_changes(held, telling))
        except MembershipDaysOverlap:
            continue
        assert telling in held.values()
        assert membership_changes(held, telling) == ()
        for offset in range(2 * DAYS + 2):
            day = FIRST + timedelta(days=offset)
            assert len(_on(held, day)) <= 1
            if telling.valid_from <= day <= (telling.valid_to or date.max):
                assert _on(held, day) == [telling]
            elif day < telling.valid_from:
                levels_before = [each.level for each in _on(before, day)]
                assert [each.level for each in _on(held, day)] == levels_before


@given(st.lists(tellings, min_size=1, max_size=6), st.integers(0, DAYS))
def test_the_membership_shown_is_that_of_the_day_where_there_is_one(told: list[Membership], at: int) -> None:
    held: dict[int, Membership] = {}
    for telling in told:
        try:
            held = _applied(held, membership_changes(held, telling))
        except MembershipDaysOverlap:
            continue
    day = FIRST + timedelta(days=at)
    shown = current(list(held.values()), day=day)
    assert shown is not None
    assert _on(held, day) in ([], [shown])


def test_a_correction_that_would_meet_another_membership_is_refused() -> None:
    held = {
        1: Membership(level=MembershipLevel.ASSOCIATE, valid_from=FIRST, valid_to=FIRST),
        2: Membership(level=MembershipLevel.PROFESSIONAL, valid_from=FIRST + timedelta(days=1)),
    }
    with pytest.raises(MembershipDaysOverlap):
        membership_changes(held, Membership(level=MembershipLevel.ASSOCIATE, valid_from=FIRST), corrects=1)
