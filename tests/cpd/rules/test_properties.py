"""What holds of every log, and the counting checked against a second one (I16)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cpd.domain import counting
from services.cpd.domain.counting import Activity
from services.cpd.domain.cycle import Cycle, Membership, Move, Pause
from services.cpd.domain.policy import Evidence, MembershipLevel, Policy
from services.cpd.domain.standing import Facts, Word, life_of, standing
from tests.cpd.rules import naive
from tests.cpd.rules.cases import ALL, POLICIES, policy

START = date(2024, 6, 1)
DAYS = st.integers(0, 900).map(lambda days: START + timedelta(days=days))
RANK = list(Word)

OWN = (
    policy(version="own-1", association="ICG", starts="fixed_day", fixed_day="04-01", minimum_hours="30",
           caps={"informal": "9.5"}, carry_forward="6.5"),
    policy(version="own-2", association="ICG", starts="fixed_day", fixed_day="04-01", minimum_hours="12",
           effective_from="2025-09-15", pro_rata=False, asks=["outcome"], caps={"informal": "5"},
           themes=["lmi"], carry_forward="100"),
    policy(version="own-3", association="ICG", level="associate", starts="joining_association",
           minimum_hours="10", effective_from="2025-01-01", minimum_outcomes=0, carry_forward="2"),
    policy(version="own-4", association="ACEG", starts="joining_association", minimum_hours="5",
           asks=["reflection"], themes=["stem", "NOS02"], carry_forward="3.25"),
)  # fmt: skip


@st.composite
def memberships(draw: st.DrawFn) -> list[Membership]:
    """Several memberships of one association, one after the other, and perhaps one of another."""
    cuts = sorted(draw(st.lists(DAYS, min_size=1, max_size=4, unique=True)))
    ends: list[date | None] = [after - timedelta(days=draw(st.integers(1, 3))) for after in cuts[1:]]
    held = [
        Membership(
            association="ICG", level=draw(st.sampled_from(MembershipLevel)), valid_from=first, valid_to=last
        )
        for first, last in zip(cuts, [*ends, None], strict=True)
        if last is None or last >= first
    ]
    if draw(st.booleans()):
        held.append(
            Membership(
                association="ACEG", level=MembershipLevel.PROFESSIONAL, valid_from=draw(DAYS), valid_to=None
            )
        )
    return held


@st.composite
def pauses(draw: st.DrawFn) -> list[Pause]:
    """At most one pause."""
    first = draw(DAYS)
    last = first + timedelta(days=draw(st.integers(0, 200)))
    return draw(st.sampled_from([[], [Pause(exempt=draw(st.booleans()), valid_from=first, valid_to=last)]]))


HOURS = st.integers(1, 4000).map(lambda hundredths: Decimal(hundredths) / 100)
ACTIVITIES = st.builds(
    Activity,
    entry_id=st.just(0),
    association=st.sampled_from(["ICG", "ACEG"]),
    title=st.sampled_from(["A course", "a COURSE", "A talk", "A book"]),
    kind=st.sampled_from(["formal", "informal"]),
    done_on=DAYS,
    hours=HOURS,
    planned=st.sampled_from([False, False, False, True]),
    shows=st.sampled_from([ALL, ALL, ALL, ALL - {Evidence.REFLECTION}, ALL - {Evidence.OUTCOME}]),
    about=st.frozensets(st.sampled_from(["lmi", "stem", "NOS02"])),
)
MOVES = st.lists(
    st.builds(Move, moved_on=DAYS, entered=st.booleans()), max_size=3, unique_by=lambda m: m.moved_on
)
LOGS = st.lists(ACTIVITIES, max_size=10).map(
    lambda log: [replace(each, entry_id=place) for place, each in enumerate(log)]
)
FACTS = st.builds(Facts, memberships=memberships(), moves=MOVES, pauses=pauses(), activities=LOGS)
PUBLISHED = st.sampled_from([tuple(POLICIES), (*POLICIES, *OWN)])


@given(FACTS, PUBLISHED, DAYS)
@settings(max_examples=150, deadline=None)
def test_the_counting_is_that_of_the_second_computation(
    facts: Facts, policies: Sequence[Policy], day: date
) -> None:
    for part in standing(facts, policies, day=day).parts:
        if part.account is None:
            continue
        cycle, association = part.account.cycle, part.association
        asked = naive.required(facts, policies, association, cycle)
        exact = None if asked is None else Decimal(asked.numerator) / Decimal(asked.denominator)
        hours = part.account.duty.hours
        assert (hours is None) is (exact is None)
        if hours is not None and exact is not None:
            assert abs(hours - exact.quantize(Decimal("0.01"), ROUND_HALF_UP)) <= Decimal("0.01")
        tally, before = part.account.tally, life_of(association, facts, policies).cycle_before(cycle)
        assert tally.carried == naive.carried(facts, policies, association, before, day)
        done = naive.done_in(facts, policies, association, cycle, day)
        assert tally.hours == done + tally.carried == sum(each.counted for each in tally.entries)
        assert tally.outcomes == naive.outcomes(facts, policies, association, cycle, day)
        themes = naive.missing_themes(facts, policies, association, cycle, day)
        assert part.account.missing_themes == themes


@given(FACTS, PUBLISHED, DAYS, st.randoms(use_true_random=False))
@settings(max_examples=75, deadline=None)
def test_the_order_in_which_things_were_told_does_not_matter(
    facts: Facts, policies: Sequence[Policy], day: date, random: Random
) -> None:
    def mixed(these: Sequence[Any]) -> list[Any]:
        return random.sample(list(these), len(these))

    told_otherwise = replace(
        facts,
        activities=mixed(facts.activities),
        memberships=mixed(facts.memberships),
        moves=mixed(facts.moves),
    )
    assert standing(told_otherwise, mixed(policies), day=day) == standing(facts, policies, day=day)


@given(FACTS, PUBLISHED, DAYS, ACTIVITIES)
@settings(max_examples=150, deadline=None)
def test_another_entry_never_lowers_a_standing(
    facts: Facts, policies: Sequence[Policy], day: date, more: Activity
) -> None:
    before = standing(facts, policies, day=day)
    added = replace(facts, activities=[*facts.activities, replace(more, entry_id=99)])
    after = standing(added, policies, day=day)
    assert RANK.index(after.word) >= RANK.index(before.word)
    # Voided it leaves no trace, whatever it had displaced, filled or carried.
    voided = replace(added, activities=[each for each in added.activities if each.entry_id != 99])
    assert standing(voided, policies, day=day) == before


@given(FACTS, PUBLISHED, DAYS)
@settings(max_examples=75, deadline=None)
def test_no_day_lies_in_two_years_so_an_entry_counts_in_one_only(
    facts: Facts, policies: Sequence[Policy], day: date
) -> None:
    life = life_of("ICG", facts, policies)
    cycle = life.cycle_on(day)
    while cycle is not None and cycle.first > START:
        before = life.cycle_before(cycle)
        assert before is None or before.first <= before.last == cycle.first - timedelta(days=1)
        cycle = before


def test_a_second_counting_would_see_an_activity_that_counts_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault of I16: what tells that two entries are one activity does not tell any more."""
    facts = Facts(
        memberships=[
            Membership(association="ICG", level=MembershipLevel.ASSOCIATE, valid_from=START, valid_to=None)
        ],
        activities=[
            Activity(
                entry_id=place, association=association, title="A course", kind="formal",
                done_on=date(2025, 5, 1), hours=Decimal(5), planned=False, shows=ALL,
            )
            for place, association in enumerate(("ICG", "ACEG"))
        ],
    )  # fmt: skip
    cycle = Cycle(first=START, last=date(2025, 5, 31), whole_days=365)
    assert naive.done_in(facts, POLICIES, "ICG", cycle, date(2025, 5, 31)) == 5
    assert told(facts) == 5
    monkeypatch.setattr(counting, "same_activity", lambda activity: activity.entry_id)
    assert told(facts) == 10


def told(facts: Facts) -> Decimal:
    """Return what the service itself counts."""
    account = standing(facts, POLICIES, day=date(2025, 5, 31)).parts[0].account
    assert account is not None
    return account.tally.hours
