"""The rules of standing over time, without a database."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.register.domain.facts import LeavingRule, LicenceFact, MembershipFact
from services.register.domain.licence import term_end
from services.register.domain.policy import MembershipLevel, Scope, parse_entry_policy, parse_licence_policy
from services.register.domain.policy_fields import PolicyNotUnderstood
from services.register.domain.qualification import Holding, HoldingStatus
from services.register.domain.renewal.evidence import judge
from services.register.domain.renewal.reminder import due
from services.register.domain.renewal.renewal import Case, CpdAnswer, answer
from services.register.domain.renewal.restoration import (
    TRANSITIONS,
    ProposerMayNotRestore,
    Restoration,
    RestorationAlreadyDecided,
    RestorationEvent,
    RestorationStatus,
    decide,
    first_possible,
)
from services.register.domain.renewal_rules import CpdStanding
from services.register.domain.verdict import decide as verdict
from tests.register.rules import make

POLICIES = tuple(parse_licence_policy(each["policy"]) for each in make.shipped("licence_policies"))
NEWEST = POLICIES[-1]
ENTRY = make.entry_policy()
BEGINS = date(2030, 1, 1)
LEVEL_7 = make.entry_policy(
    "entry-level-7",
    effective_from=BEGINS.isoformat(),
    transition={
        "judged_by": "entry-2011",
        "grandfathered_until": "2031-12-31",
        "working_towards_until": "2032-06-30",
        "source": "a decision of the test",
    },
)
GUIDANCE = (Scope.PERSONAL_GUIDANCE,)
TERM = LicenceFact(valid_from=make.START, valid_to=make.END)


def case(**changes: object) -> Case:
    """Return the case of somebody who lacks nothing."""
    usual = Case(
        term=TERM,
        scopes=GUIDANCE,
        membership_level=MembershipLevel.PROFESSIONAL,
        code_accepted=True,
        bars=frozenset(),
        deceased=False,
        holdings=(make.holding(),),
        licensed=(TERM,),
        cpd=CpdAnswer(standing=CpdStanding.MET),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def codes(day: date, **changes: object) -> list[str]:
    """Return the codes of what is missing on a day."""
    found = answer(case(**changes), entry_policies=[ENTRY], licence_policies=POLICIES, today=day)
    return [lack.code for lack in found.lacks]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-61, ["renewal-not-open"]), (-60, []), (0, []), (1, []), (28, []), (29, ["grace-period-over"])],
)
def test_a_licence_is_renewed_in_its_window_and_its_days_of_grace(days: int, expected: list[str]) -> None:
    assert codes(make.END + timedelta(days=days)) == expected


@given(st.lists(st.integers(-60, 28), min_size=1, max_size=12))
def test_renewing_early_or_late_never_changes_the_terms(days: list[int]) -> None:
    term, begins = TERM, make.END + timedelta(days=1)
    for each in days:
        assert term.valid_to is not None
        today = term.valid_to + timedelta(days=each)
        found = answer(case(term=term), entry_policies=[ENTRY], licence_policies=POLICIES, today=today)
        granted = found.renewal
        assert granted is not None
        assert (granted.term_from, granted.valid_to) == (begins, term_end(begins, months=12))
        assert granted.valid_from == max(begins, today)
        term = LicenceFact(valid_from=granted.valid_from, valid_to=granted.valid_to)
        begins = granted.valid_to + timedelta(days=1)


def test_everything_that_is_missing_is_named_at_once() -> None:
    lacking = {
        "membership_level": MembershipLevel.ASSOCIATE,
        "code_accepted": False,
        "holdings": (),
        "cpd": CpdAnswer(standing=CpdStanding.FAILED),
    }
    assert codes(make.END, **lacking) == [
        "not-a-professional-member", "code-not-accepted", "no-authenticated-qualification",
        "cpd-refuses-renewal",
    ]  # fmt: skip
    assert codes(make.END, term=None)[0] == "no-licence-to-renew"
    without_rules = answer(case(), entry_policies=[ENTRY], licence_policies=POLICIES[:1], today=make.END)
    assert [lack.code for lack in without_rules.lacks] == ["renewal-has-no-rules"]


def judged(day: date, *holdings: Holding, licensed: tuple[LicenceFact, ...] = ()) -> tuple[str, str | None]:
    """Return the policy that judges, and the transition."""
    found = judge([ENTRY, LEVEL_7], day=day, holdings=holdings, scopes=GUIDANCE, licensed=licensed)
    return found.policy.version, found.transition


EVE = LicenceFact(valid_from=date(2029, 6, 1), valid_to=date(2029, 12, 31))
DAY_BEFORE = LicenceFact(valid_from=date(2029, 6, 1), valid_to=date(2029, 12, 30))


@pytest.mark.parametrize(
    ("day", "licensed", "expected"),
    [
        (date(2029, 12, 31), EVE, ("entry-2011", None)),
        (BEGINS, EVE, ("entry-2011", "grandfathered")),
        (date(2031, 12, 31), EVE, ("entry-2011", "grandfathered")),
        (date(2032, 1, 1), EVE, ("entry-level-7", None)),
        (BEGINS, DAY_BEFORE, ("entry-level-7", None)),
    ],
)
def test_who_held_a_licence_on_the_eve_is_judged_as_before_until_a_day(
    day: date, licensed: LicenceFact, expected: tuple[str, str | None]
) -> None:
    assert judged(day, make.holding(), licensed=(licensed,)) == expected


@pytest.mark.parametrize(
    ("day", "expected_on", "expected"),
    [
        (BEGINS, "2032-06-30", ("entry-2011", "working_towards")),
        (BEGINS, "2032-07-01", ("entry-level-7", None)),
        (date(2032, 6, 30), "2032-06-30", ("entry-2011", "working_towards")),
        (date(2031, 2, 1), "2031-01-31", ("entry-level-7", None)),
    ],
)
def test_who_is_expected_to_meet_the_policy_in_time_is_judged_as_before(
    day: date, expected_on: str, expected: tuple[str, str | None]
) -> None:
    on_the_way = make.holding(
        holding_id=2, level="7", status=HoldingStatus.WORKING_TOWARDS, decided_by=None, relevant=False,
        expected_on=date.fromisoformat(expected_on),
    )  # fmt: skip
    assert judged(day, make.holding(), on_the_way) == expected


def test_who_meets_the_new_policy_needs_no_transition() -> None:
    assert judged(BEGINS, make.holding(level="7"), licensed=(EVE,)) == ("entry-level-7", None)


@pytest.mark.parametrize("policy", [*POLICIES, LEVEL_7], ids=lambda policy: policy.version)
def test_a_policy_with_its_rules_of_time_is_read_back_unchanged(policy: object) -> None:
    parse = parse_entry_policy if policy is LEVEL_7 else parse_licence_policy
    assert parse(policy.as_dict()) == policy  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"cpd": {"met": "renews"}}, "lacks"),
        ({"reminders_days_before": [60, 60]}, "twice"),
        ({"reminders_days_before": [True]}, "whole numbers"),
        ({"on_leaving": {"rule": "keeps_until_end", "days": 3}}, "no days"),
        ({"opens_days_before": -1}, "opens_days_before"),
    ],
)
def test_rules_that_leave_something_to_guess_are_refused(change: dict[str, object], why: str) -> None:
    written = NEWEST.as_dict()
    with pytest.raises(PolicyNotUnderstood, match=why):
        parse_licence_policy(written | {"renewal": written["renewal"] | change})


@pytest.mark.parametrize(
    ("month_day", "code"), [((3, 31), "licensed"), ((4, 28), "licensed"), ((4, 29), "lapsed")]
)
def test_a_licence_rests_so_many_days_after_the_last_membership_where_the_policy_says_so(
    month_day: tuple[int, int], code: str
) -> None:
    left = MembershipFact(
        level=MembershipLevel.PROFESSIONAL, valid_from=date(2025, 1, 1), valid_to=date(2026, 3, 31)
    )
    rule = LeavingRule(effective_from=date(2026, 1, 1), rests_after=28)
    facts = make.facts(memberships=(left,), leaving=(rule,))
    day = date(2026, *month_day)
    assert verdict(facts, day=day).verdict == code
    kept = make.facts(memberships=(left,), leaving=(replace(rule, rests_after=None),))
    assert verdict(kept, day=day).verdict == "licensed"
    later = make.facts(memberships=(left,), leaving=(replace(rule, effective_from=date(2026, 2, 2)),))
    assert verdict(later, day=day).verdict == "licensed"


@pytest.mark.parametrize(
    ("days_left", "expected"),
    [(61, []), (60, [60]), (29, [60]), (28, [28]), (0, [7]), (-1, [-1]), (-28, [-1])],
)
def test_at_most_one_reminder_is_due_for_a_licence(days_left: int, expected: list[int]) -> None:
    today = date(2026, 6, 1)
    end = today + timedelta(days=days_left)
    assert [
        each.days_before for each in due(NEWEST, today=today) if each.first <= end <= each.last
    ] == expected


@pytest.mark.parametrize(("status", "event"), list(product(RestorationStatus, RestorationEvent)))
def test_a_restoration_moves_only_by_the_table(status: RestorationStatus, event: RestorationEvent) -> None:
    held = Restoration(proposed_by="one", status=status)
    if (status, event) in TRANSITIONS:
        assert decide(held, event, by="two", reason="Agreed.").status is TRANSITIONS[status, event]
        with pytest.raises(ProposerMayNotRestore):
            decide(held, event, by="one", reason="Agreed.")
    else:
        with pytest.raises(RestorationAlreadyDecided):
            decide(held, event, by="two", reason="Agreed.")


def test_a_restoration_is_possible_after_the_months_of_the_policy() -> None:
    assert first_possible(date(2020, 2, 29), months=60) == date(2025, 3, 1)
    assert first_possible(date(2020, 2, 29), months=0) == date(2020, 2, 29)
