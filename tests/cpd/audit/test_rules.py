"""The rules of the audit without a database: the draw, the sizes, the way of a case, days and packs."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cpd.domain.audit import case as rules
from services.cpd.domain.audit import pack as packing
from services.cpd.domain.audit.assigning import Assessor, NobodyMayAssess, barred, choose
from services.cpd.domain.audit.case import CLOSED, TRANSITIONS, Mover, State, Step
from services.cpd.domain.audit.deadlines import reminded_since, working_day
from services.cpd.domain.audit.draw import MOVES, AuditMove, AuditNotInThatState, AuditState, moved
from services.cpd.domain.audit.pack import Described, Gap, Pack, PackIncomplete
from services.cpd.domain.audit.policy import parse_audit_policy
from services.cpd.domain.policy import PolicyNotUnderstood
from services.cpd.operations.audit.bank_holidays import BankHolidays
from services.cpd.operations.reference import SHIPPED
from shared.draw import drawn
from shared.sampling import Advice, advice, estimate, size_by_risk
from shared.suppression import shown

CONFIDENCE = Decimal("0.95")
TOLERABLE = Decimal("0.05")


def chance(population: int, failing: int, drawn_: int, at_most: int) -> Fraction:
    """Return the exact chance to find at most so many failures, by counting."""
    ways = sum(comb(failing, each) * comb(population - failing, drawn_ - each) for each in range(at_most + 1))
    return Fraction(ways, comb(population, drawn_))


def test_every_person_is_drawn_as_often_as_any_other_over_ten_thousand_seeds() -> None:
    people = {f"id-{place}": ["A"] if place % 2 else ["A", "B"] for place in range(20)}
    seeds = 10_000
    in_a: Counter[str] = Counter()
    for seed in range(seeds):
        samples = drawn(people, {"A": 5, "B": 2}, f"a seed of sixteen {seed}")
        assert (len(samples["A"]), len(samples["B"])) == (5, 2)
        in_a.update(samples["A"])
    expected = seeds * 5 / 20
    chi_squared = sum((in_a[each] - expected) ** 2 / expected for each in people)
    assert chi_squared < 43.8  # 19 degrees of freedom, a chance of 0.1 %


@given(st.permutations([f"id-{place}" for place in range(12)]))
def test_the_order_of_the_list_does_not_matter_and_a_larger_sample_holds_the_smaller(
    order: list[str],
) -> None:
    usual = {f"id-{place}": ["A"] for place in range(12)}
    seed = "a seed of sixteen"
    assert drawn({each: ["A"] for each in order}, {"A": 5}, seed) == drawn(usual, {"A": 5}, seed)
    assert drawn(usual, {"A": 9}, seed)["A"][:5] == drawn(usual, {"A": 5}, seed)["A"]


def test_one_seed_over_people_makes_samples_overlap_as_much_as_they_can() -> None:
    people = {f"id-{place}": ["A", "B", "C"] for place in range(200)}
    samples = drawn(people, {"A": 5, "B": 5, "C": 8}, "a seed of sixteen")
    assert len({each for sample in samples.values() for each in sample}) == 8


@pytest.mark.parametrize(("population", "confidence"), list(product((1, 2, 7, 20, 61, 300), ("0.8", "0.95"))))
def test_a_size_by_risk_is_the_smallest_that_counting_allows(population: int, confidence: str) -> None:
    size = size_by_risk(population, tolerable_rate=TOLERABLE, confidence=Decimal(confidence))
    failing = max(1, -(-population // 20))
    rest = 1 - Fraction(confidence)
    assert chance(population, failing, size, 0) <= rest
    assert size == 1 or chance(population, failing, size - 1, 0) > rest


def test_a_size_by_risk_of_a_million_is_what_a_textbook_says() -> None:
    assert size_by_risk(1_000_000, tolerable_rate=TOLERABLE, confidence=CONFIDENCE) == 59
    assert size_by_risk(0, tolerable_rate=TOLERABLE, confidence=CONFIDENCE) == 0


@pytest.mark.parametrize("population", [5, 40, 120])
def test_bounds_are_those_that_counting_gives(population: int) -> None:
    rest = 1 - Fraction("0.95")
    for decided in (0, 1, population // 3, population):
        for failing in {0, min(1, decided), decided // 2, decided}:
            found = estimate(population, decided=decided, failing=failing, confidence=CONFIDENCE)
            possible = range(failing, population - (decided - failing) + 1)
            most = max(each for each in possible if chance(population, each, decided, failing) > rest)
            least = min(
                each
                for each in possible
                if 1 - (chance(population, each, decided, failing - 1) if failing else 0) > rest
            )
            assert (found.least_failing, found.most_failing) == (least, most), (decided, failing)


def test_the_advice_follows_the_bounds() -> None:
    def say(decided: int, failing: int, open_cases: int = 0) -> Advice:
        found = estimate(1000, decided=decided, failing=failing, confidence=CONFIDENCE)
        return advice(found, open_cases=open_cases, tolerable_rate=TOLERABLE)

    assert say(60, 0) is Advice.STOP
    assert say(20, 0) is Advice.EXPAND
    assert say(20, 0, open_cases=3) is Advice.WAIT
    assert say(60, 20) is Advice.EXCEEDED


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_a_case_moves_along_the_table_and_by_whom_it_says_only(state: State, step: Step) -> None:
    move = TRANSITIONS.get((state, step))
    for by in Mover:
        if move is not None and move.by is by:
            assert rules.move(state, step, by=by) is move.to
        else:
            expected = rules.CaseNotInThatState if move is None else rules.NotYourPart
            with pytest.raises(expected):
                rules.move(state, step, by=by)


def test_no_refusal_is_reached_but_by_a_second_opinion_and_nothing_leaves_what_is_closed_but_a_failure() -> (
    None
):
    assert {state for (state, _), move in TRANSITIONS.items() if move.to is State.REFUSED} == {
        State.SECOND_OPINION
    }
    assert {state for state, _ in TRANSITIONS if state in CLOSED} == {State.FAILED}
    assert {state for state in State if rules.becomes_final(state, State.FAILED)} == {*State} - rules.FAILING


@pytest.mark.parametrize(("state", "move"), list(product(AuditState, AuditMove)))
def test_an_audit_moves_along_its_table_only(state: AuditState, move: AuditMove) -> None:
    if (state, move) in MOVES:
        assert moved(state, move) is MOVES[state, move]
    else:
        with pytest.raises(AuditNotInThatState):
            moved(state, move)


def test_what_is_due_on_a_weekend_or_a_bank_holiday_is_due_on_the_next_working_day() -> None:
    england, scotland = BankHolidays(None), BankHolidays("SCT")
    assert working_day(date(2026, 4, 3), england) == date(2026, 4, 7)  # Good Friday to Easter Monday
    assert working_day(date(2026, 4, 3), scotland) == date(2026, 4, 6)  # no Easter Monday there
    assert working_day(date(2027, 1, 2), BankHolidays("NIR")) == date(2027, 1, 4)
    assert working_day(date(2026, 3, 17), BankHolidays("NIR")) == date(2026, 3, 18)
    assert reminded_since(date(2026, 3, 31), (28, 7, -7), today=date(2026, 3, 2)) is None
    assert reminded_since(date(2026, 3, 31), (28, 7, -7), today=date(2026, 3, 25)) == date(2026, 3, 24)


def test_an_assessor_is_chosen_by_load_among_those_without_conflict_and_part() -> None:
    def assessor(name: str, load: int, *associations: str) -> Assessor:
        return Assessor(
            subject=name, associations=frozenset(associations), numbers=frozenset(), open_cases=load
        )

    everybody = [assessor("a", 2), assessor("b", 1), assessor("c", 0, "ICG"), assessor("d", 1)]
    known = {"associations": {"ICG"}, "numbers": {"CR1"}}
    assert choose(everybody, **known, taken_part=()).subject == "b"
    assert choose(everybody, **known, taken_part={"b"}).subject == "d"
    with pytest.raises(NobodyMayAssess):
        choose(everybody, **known, taken_part={"a", "b", "d"})


def test_a_second_opinion_is_of_somebody_who_found_nothing_before() -> None:
    found = [("a", Step.ASK_MORE), ("b", Step.FIND_NOT_MET)]
    assert barred(found, rulers=["d"], assigned=None, second=True) == {"a", "b", "d"}
    # Whoever asked for more looks at what came; whoever has the case now is relieved.
    assert barred(found, rulers=[], assigned="c", second=False) == {"b", "c"}


def test_a_pack_describes_enough_and_explains_three_months_of_nothing() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    done = {1: (date(2026, 1, 10), date(2026, 1, 12)), 2: (date(2026, 5, 1), date(2026, 5, 1))}
    gaps = packing.gaps_in(done.values(), first=first, last=last, days=90)
    assert gaps == [(date(2026, 1, 13), date(2026, 4, 30)), (date(2026, 5, 2), last)]
    activities = tuple(Described(entry_id=each, what="x", learned="x", benefit="x") for each in (1, 2))
    explained = tuple(Gap(first=began, last=ended, why="Leave.") for began, ended in gaps)
    terms = {"done": done, "first": first, "last": last, "described": 2, "gap_days": 90}
    packing.check(Pack(activities=activities, gaps=explained), **terms)
    with pytest.raises(PackIncomplete) as refused:
        packing.check(Pack(activities=activities[:1] * 2, gaps=explained[:1]), **terms)
    assert [each.code for each in refused.value.errors] == ["too-few", "not-explained"]
    strange = (*activities, Described(entry_id=9, what="x", learned="x", benefit="x"))
    with pytest.raises(PackIncomplete) as refused:
        packing.check(Pack(activities=strange, gaps=explained), **terms)
    assert [each.pointer for each in refused.value.errors] == ["/activities/2/entry_id"]


def test_a_line_with_a_small_count_is_hidden_as_a_whole() -> None:
    assert shown((10, 0, 7), least=5) == (10, 0, 7)
    assert shown((10, 4, 7), least=5) == (None, None, None)
    assert shown((1,), least=0) == (1,)


@pytest.mark.parametrize(
    "change", [{"rate": "0"}, {"confidence": "1"}, {"gap_days": 0}, {"rates": 3}, {"x": 1}]
)
def test_terms_that_contradict_themselves_are_refused(change: dict[str, object]) -> None:
    policy = json.loads((SHIPPED / "audit_policies.json").read_text())[0]["policy"]
    assert parse_audit_policy(policy).as_dict() == policy
    with pytest.raises(PolicyNotUnderstood):
        parse_audit_policy(policy | change)


NAMES = st.frozensets(st.sampled_from(["ICG", "ACEG", "AGCAS", "NAEGA"]), max_size=3)
NUMBERS = st.frozensets(st.sampled_from(["CR1", "CR2"]), max_size=2)


@given(
    st.lists(st.tuples(NAMES, NUMBERS, st.integers(0, 3)), max_size=6),
    NAMES,
    NUMBERS,
    st.frozensets(st.sampled_from(["a0", "a1", "a2"])),
)
def test_nobody_is_chosen_for_their_own_whoever_belongs_to_whom(
    drawn_: list[tuple[frozenset[str], frozenset[str], int]],
    associations: frozenset[str],
    numbers: frozenset[str],
    taken_part: frozenset[str],
) -> None:
    everybody = [
        Assessor(subject=f"a{place}", associations=of, numbers=own, open_cases=load)
        for place, (of, own, load) in enumerate(drawn_)
    ]
    able = [
        each
        for each in everybody
        if not each.associations & associations
        and not each.numbers & numbers
        and each.subject not in taken_part
    ]
    asked = {"associations": associations, "numbers": numbers, "taken_part": taken_part}
    if not able:
        with pytest.raises(NobodyMayAssess):
            choose(everybody, **asked)
    else:
        chosen = choose(everybody, **asked)
        assert chosen in able
        assert chosen.open_cases == min(each.open_cases for each in able)
