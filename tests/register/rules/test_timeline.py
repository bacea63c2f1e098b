"""The timeline says of every day exactly what the verdict on that day says."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.register.domain.licence import EntryStatus
from services.register.domain.policy import MembershipLevel, Scope
from services.register.domain.sanction import SanctionKind
from services.register.domain.verdict import (
    FIRST_DAY,
    EntryFact,
    Facts,
    LicenceFact,
    MembershipFact,
    SanctionFact,
    ScopeFact,
    Verdict,
    VerdictCode,
    decide,
    timeline,
)
from tests.register.rules import make

FIRST = date(2026, 1, 1)
LICENSED = {VerdictCode.LICENSED, VerdictCode.LICENSED_WITH_CONDITIONS}


@st.composite
def dated(draw: st.DrawFn, /, fact: Any, **own: Any) -> Any:
    """Build a fact over days of one season; its end may be open, and may even come too early."""
    first = FIRST + timedelta(days=draw(st.integers(0, 40)))
    length = draw(st.none() | st.integers(-1, 30))
    last = None if length is None else first + timedelta(days=length)
    given = {name: draw(values) for name, values in own.items()}
    return fact(valid_from=first, valid_to=last, **given)


def several(fact: Any, **own: Any) -> Any:
    return st.lists(dated(fact, **own), max_size=3).map(tuple)


anybody = st.builds(
    Facts,
    number=st.just(make.NUMBER),
    kept_number=st.sampled_from([None, None, "CR00000001"]),
    merged_on=st.none() | st.integers(0, 60).map(lambda days: FIRST + timedelta(days=days)),
    memberships=several(MembershipFact, level=st.sampled_from(MembershipLevel)),
    entries=several(EntryFact, status=st.sampled_from(EntryStatus)),
    licences=several(LicenceFact),
    scopes=several(ScopeFact, scope=st.sampled_from(Scope)),
    sanctions=several(
        SanctionFact,
        kind=st.sampled_from(SanctionKind),
        public_reason=st.sampled_from(["Misleading clients", "Breach of confidence"]),
        conditions=st.sampled_from([None, "Work under supervision"]),
    ),
    specialisms=st.just(("stem",)),
    grace_days=st.integers(0, 10),
)
DAYS = [FIRST_DAY, *(FIRST + timedelta(days=days) for days in range(-2, 90)), date.max]


def shown_on(day: date, changes: tuple[tuple[date, Verdict], ...]) -> Verdict:
    return [verdict for first, verdict in changes if first <= day][-1]


@settings(max_examples=300, deadline=None)
@given(anybody)
@example(make.facts())
def test_the_timeline_agrees_with_the_verdict_on_every_day(facts: Facts) -> None:
    changes = timeline(facts)
    for day in DAYS:
        assert shown_on(day, changes) == decide(facts, day=day)


@settings(max_examples=300, deadline=None)
@given(anybody)
def test_the_timeline_begins_with_the_first_day_and_holds_changes_only(facts: Facts) -> None:
    changes = timeline(facts)
    days = [day for day, _ in changes]
    assert days[0] == FIRST_DAY
    assert days == sorted(set(days))
    assert all(one[1] != other[1] for one, other in pairwise(changes))


@settings(max_examples=300, deadline=None)
@given(anybody, st.sampled_from(DAYS))
def test_guidance_is_allowed_only_with_a_licence_and_its_scope(facts: Facts, day: date) -> None:
    verdict = decide(facts, day=day)
    covers = any(
        fact.scope is Scope.PERSONAL_GUIDANCE and fact.valid_from <= day <= (fact.valid_to or date.max)
        for fact in facts.scopes
    )
    assert verdict.may_give_personal_guidance is (verdict.verdict in LICENSED and covers)


@settings(max_examples=300, deadline=None)
@given(anybody, st.sampled_from(DAYS))
def test_nobody_is_licensed_without_an_entry_and_a_licence_that_day(facts: Facts, day: date) -> None:
    if decide(facts, day=day).verdict in LICENSED:
        for held in (facts.entries, facts.licences):
            assert any(fact.valid_from <= day <= (fact.valid_to or date.max) for fact in held)
        grave = {
            fact.kind for fact in facts.sanctions if fact.valid_from <= day <= (fact.valid_to or date.max)
        }
        assert grave <= {SanctionKind.CONDITIONS}


@settings(max_examples=300, deadline=None)
@given(anybody, st.sampled_from(DAYS), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(facts: Facts, day: date, random: Any) -> None:
    def shuffled(of: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(of, len(of)))

    other = Facts(
        number=facts.number,
        kept_number=facts.kept_number,
        merged_on=facts.merged_on,
        memberships=shuffled(facts.memberships),
        entries=shuffled(facts.entries),
        licences=shuffled(facts.licences),
        scopes=shuffled(facts.scopes),
        sanctions=shuffled(facts.sanctions),
        specialisms=facts.specialisms,
        grace_days=facts.grace_days,
    )
    assert decide(other, day=day) == decide(facts, day=day)


def test_the_timeline_of_an_ordinary_licence_reads_like_its_story() -> None:
    facts = make.facts(memberships=(), sanctions=(make.suspension(),))
    story = [(day.isoformat(), verdict.verdict.value) for day, verdict in timeline(facts)]
    assert story == [
        ("0001-01-01", "not_licensed"),
        ("2026-02-01", "licensed"),
        ("2026-06-01", "suspended"),
        ("2026-07-01", "licensed"),
        ("2027-02-01", "lapsed"),
        ("2027-03-01", "lapsed"),
    ]


def test_somebody_without_facts_has_one_verdict_for_ever() -> None:
    bare = Facts(number=make.NUMBER, grace_days=28)
    assert [(day, verdict.verdict) for day, verdict in timeline(bare)] == [
        (FIRST_DAY, VerdictCode.NOT_LICENSED)
    ]


@pytest.mark.parametrize("end", [date.max, date.max - timedelta(days=1), date.max - timedelta(days=29)])
def test_a_licence_to_the_end_of_the_calendar_is_no_fault(end: date) -> None:
    facts = make.facts(licences=(LicenceFact(valid_from=make.START, valid_to=end),))
    changes = timeline(facts)
    for day in (end, date.max):
        assert shown_on(day, changes) == decide(facts, day=day)
