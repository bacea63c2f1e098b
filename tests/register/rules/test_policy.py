"""Dated policies: which one holds on a day, and how one is read."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from services.register.domain.membership import deciding_level
from services.register.domain.policy import (
    MembershipLevel,
    NoPolicyInForce,
    in_force,
    parse_entry_policy,
    parse_licence_policy,
)
from services.register.domain.policy_fields import PolicyNotUnderstood
from tests.register.rules import make

LEVEL_7 = make.entry_policy("entry-level-7", effective_from="2030-01-01")
TODAY = make.entry_policy()


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2011, 3, 1), "entry-2011"),
        (date(2029, 12, 31), "entry-2011"),
        (date(2030, 1, 1), "entry-level-7"),
        (date.max, "entry-level-7"),
    ],
)
def test_the_newest_policy_that_has_begun_is_in_force(day: date, version: str) -> None:
    assert in_force([LEVEL_7, TODAY], day).version == version


def test_before_the_first_policy_there_is_none() -> None:
    with pytest.raises(NoPolicyInForce, match="2011-02-28"):
        in_force([LEVEL_7, TODAY], date(2011, 2, 28))


def test_a_proposed_policy_without_a_day_cannot_come_into_force() -> None:
    with pytest.raises(PolicyNotUnderstood, match="effective_from"):
        make.entry_policy("entry-level-7")


def test_a_future_policy_asks_level_7_only_from_its_day() -> None:
    level_6 = [make.holding()]
    assert deciding_level(level_6, policy=TODAY).level is MembershipLevel.PROFESSIONAL
    assert deciding_level(level_6, policy=LEVEL_7).level is MembershipLevel.AFFILIATE
    level_7 = [make.holding(level="7")]
    assert deciding_level(level_7, policy=LEVEL_7).level is MembershipLevel.PROFESSIONAL


@pytest.mark.parametrize("policy", [TODAY, LEVEL_7])
def test_an_entry_policy_is_stored_and_read_back_unchanged(policy: Any) -> None:
    assert parse_entry_policy(policy.as_dict()) == policy


def test_a_licence_policy_is_stored_and_read_back_unchanged() -> None:
    policy = make.licence_policy(term_months=24)
    assert parse_licence_policy(policy.as_dict()) == policy


def broken(*path: str | int, to: Any) -> Any:
    """Return today's policy with one value replaced."""
    data: Any = deepcopy(TODAY.as_dict())
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return data


FIRST = ("levels", 0, "thresholds", 0)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ([], "must be an object"),
        ({}, "lacks"),
        (broken("minimum_age", to=18), "minimum_age"),
        (broken("version", to=" "), "version"),
        (broken("effective_from", to="2011-02-30"), "effective_from"),
        (broken("effective_from", to=20110301), "effective_from"),
        (broken("levels", to={}), "levels"),
        (broken("levels", to=[]), "each membership level"),
        (broken("levels", 0, "level", to="associate"), "each membership level"),
        (broken("levels", 0, "level", to="fellow"), "must be one of professional"),
        (broken("levels", 0, "level", to=["professional"]), "must be one of professional"),
        (broken("levels", 0, "relevance_required", to=1), "relevance_required"),
        (broken("levels", 0, "thresholds", to=[]), "only affiliate membership"),
        (broken("levels", 2, "thresholds", to=TODAY.as_dict()["levels"][1]["thresholds"]), "open to anyone"),
        (broken(*FIRST, "levels", to=[6, 7]), "list of text"),
        (broken(*FIRST, "levels", to=[]), "not an empty one"),
        (broken(*FIRST, "minimum_credits", to=0), "1 or more"),
        (broken(*FIRST, "minimum_credits", to=True), "1 or more"),
        (broken(*FIRST, "minimum_credits", to="60"), "1 or more"),
        (broken(*FIRST, "framework", to="RQF"), "under two thresholds"),
        (broken(*FIRST, "framwork", to="RQF"), "framwork"),
        (broken("scopes", 0, "thresholds", to=[]), "at least one threshold"),
        (broken("scopes", 1, "scope", to="personal_guidance"), "more than one rule"),
        (broken("scopes", 0, "scope", to="everything"), "must be one of personal_guidance"),
        (broken("scopes", 0, "subjects", to=[]), "subjects"),
    ],
)
def test_a_policy_that_cannot_be_read_says_where(data: Any, why: str) -> None:
    with pytest.raises(PolicyNotUnderstood, match=why):
        parse_entry_policy(data)


@pytest.mark.parametrize(
    ("key", "value"), [("term_months", 0), ("term_months", 1.5), ("grace_days", -1), ("grace_days", None)]
)
def test_a_licence_policy_needs_whole_numbers(key: str, value: object) -> None:
    with pytest.raises(PolicyNotUnderstood, match=key):
        make.licence_policy(**{key: value})
