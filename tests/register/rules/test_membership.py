"""Which membership level a person may hold, and what is missing for a higher one."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.register.domain.membership import (
    LevelDecision,
    MembershipMayNotBeHeld,
    StudentMustBeAffiliate,
    check_membership,
    deciding_level,
    rank,
)
from services.register.domain.policy import MembershipLevel
from services.register.domain.qualification import Holding, HoldingStatus
from tests.register.rules import make

PROFESSIONAL, ASSOCIATE, AFFILIATE = MembershipLevel
POLICY = make.entry_policy()


def decided(*holdings: Holding) -> LevelDecision:
    return deciding_level(holdings, policy=POLICY)


@pytest.mark.parametrize(
    ("framework", "level", "credits", "expected"),
    [
        ("QCF", "8", 60, PROFESSIONAL),
        ("QCF", "7", 60, PROFESSIONAL),
        ("QCF", "6", 60, PROFESSIONAL),
        ("QCF", "6", 20, PROFESSIONAL),
        ("RQF", "6", 60, PROFESSIONAL),
        ("QCF", "5", 60, ASSOCIATE),
        ("QCF", "4", None, ASSOCIATE),
        ("QCF", "3", 1, ASSOCIATE),
        ("QCF", "2", 60, AFFILIATE),
        ("QCF", "Entry 3", 60, AFFILIATE),
        ("QCF", "7", 15, AFFILIATE),
        ("QCF", "6", 19, AFFILIATE),
        ("QCF", "6", None, AFFILIATE),
        ("SCQF", "12", 60, PROFESSIONAL),
        ("SCQF", "11", 60, PROFESSIONAL),
        ("SCQF", "11", 59, AFFILIATE),
        ("SCQF", "10", 360, AFFILIATE),
        ("SCQF", "9", 360, AFFILIATE),
        ("SCQF", "6", 60, AFFILIATE),
        ("FHEQ", "7", 60, PROFESSIONAL),
        ("FHEQ", "6", 360, AFFILIATE),
        ("NVQ", "4", 60, AFFILIATE),
        ("CQFW", "6", 60, AFFILIATE),
        ("NFQ", "8", 60, AFFILIATE),
        ("EQF", "6", 60, AFFILIATE),
        (None, "6", 60, AFFILIATE),
        ("QCF", None, 60, AFFILIATE),
    ],
)
def test_the_level_is_decided_by_framework_level_and_credits_together(
    framework: str | None, level: str | None, credits: int | None, expected: MembershipLevel
) -> None:
    decision = decided(make.holding(framework=framework, level=level, credits=credits))
    assert decision.level is expected
    assert decision.rule_id == f"entry-2011-{expected}"
    assert decision.policy_version == "entry-2011"


def test_anybody_may_be_an_affiliate() -> None:
    decision = decided()
    assert (decision.level, decision.holding_id) == (AFFILIATE, None)
    assert {line.code for line in decision.missing_for_next} == {"no-qualification"}


@pytest.mark.parametrize("status", sorted(set(HoldingStatus) - {HoldingStatus.AUTHENTICATED}))
def test_an_unauthenticated_holding_never_decides(status: HoldingStatus) -> None:
    assert decided(make.holding(status=status)).level is AFFILIATE


def test_an_irrelevant_holding_never_decides() -> None:
    assert decided(make.holding(relevant=False)).level is AFFILIATE


def test_the_highest_level_wins_and_names_its_holding() -> None:
    decision = decided(make.holding(holding_id=1, level="4"), make.holding(holding_id=2))
    assert (decision.level, decision.holding_id, decision.missing_for_next) == (PROFESSIONAL, 2, ())


def test_the_oldest_of_several_sufficient_holdings_decides() -> None:
    assert decided(make.holding(holding_id=9), make.holding(holding_id=4)).holding_id == 4


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"framework": "NVQ", "level": "4"}, "no-threshold-for-framework", "NVQ level 4"),
        ({"framework": "SCQF", "level": "10"}, "level-not-accepted", "SCQF level 10"),
        ({"credits": None}, "credits-unknown", "asks 20 credits"),
        ({"credits": 15}, "credits-too-few", "has 15"),
        ({"framework": None}, "level-unknown", "are not known"),
        ({"relevant": False}, "not-relevant", "not been found relevant"),
        ({"status": HoldingStatus.CLAIMED}, "not-authenticated", "not been authenticated yet"),
        ({"status": HoldingStatus.WORKING_TOWARDS}, "still-working-towards", "still being worked towards"),
    ],
)
def test_what_is_missing_for_professional_membership_is_said(
    changes: dict[str, Any], code: str, says: str
) -> None:
    lines = decided(make.holding(**changes)).missing_for_next
    (line,) = [line for line in lines if line.level is PROFESSIONAL]
    assert line.code == code
    assert says in line.detail


def test_what_is_missing_begins_with_the_next_level() -> None:
    levels = [line.level for line in decided(make.holding(level="2")).missing_for_next]
    assert levels == [ASSOCIATE, PROFESSIONAL]
    assert [line.level for line in decided(make.holding(level="4")).missing_for_next] == [PROFESSIONAL]


@pytest.mark.parametrize("status", [HoldingStatus.REJECTED, HoldingStatus.WITHDRAWN])
def test_a_rejected_or_withdrawn_holding_is_not_spoken_of(status: HoldingStatus) -> None:
    codes = {line.code for line in decided(make.holding(status=status)).missing_for_next}
    assert codes == {"no-qualification"}


holdings = st.builds(
    make.holding,
    holding_id=st.integers(1, 9),
    framework=st.sampled_from(["QCF", "RQF", "SCQF", "FHEQ", "NVQ", "EQF", None]),
    level=st.sampled_from(["3", "4", "6", "7", "10", "11", None]),
    credits=st.sampled_from([None, 15, 20, 45, 60]),
    relevant=st.booleans(),
    status=st.sampled_from(HoldingStatus),
)


@given(st.lists(holdings, max_size=5), holdings)
def test_one_more_holding_never_lowers_the_level(held: list[Holding], more: Holding) -> None:
    assert rank(decided(*held, more).level) <= rank(decided(*held).level)


@given(st.lists(holdings, max_size=5))
def test_a_level_above_affiliate_rests_on_a_holding_that_counts(held: list[Holding]) -> None:
    decision = decided(*held)
    basis = [holding for holding in held if holding.holding_id == decision.holding_id and holding.counts]
    assert bool(basis) is (decision.level is not AFFILIATE)


def test_relevance_is_asked_only_where_the_rule_asks_for_it() -> None:
    rules = [rule | {"relevance_required": False} for rule in POLICY.as_dict()["levels"]]
    relaxed = make.entry_policy(levels=rules)
    holdings = [make.holding(relevant=False)]
    assert deciding_level(holdings, policy=relaxed).level is PROFESSIONAL
    assert deciding_level(holdings, policy=POLICY).level is AFFILIATE


def test_a_policy_that_leaves_somebody_without_a_level_is_a_fault() -> None:
    with pytest.raises(ValueError, match="without a membership level"):
        deciding_level([], policy=replace(POLICY, levels=POLICY.levels[:2]))


def test_a_membership_up_to_the_deciding_level_may_be_held() -> None:
    for level in MembershipLevel:
        check_membership(level, student=False, decision=decided(make.holding()))
    check_membership(AFFILIATE, student=True, decision=decided())


def test_a_membership_above_the_deciding_level_says_what_is_missing() -> None:
    with pytest.raises(MembershipMayNotBeHeld, match="has 15") as refusal:
        check_membership(PROFESSIONAL, student=False, decision=decided(make.holding(credits=15)))
    assert "level 3" not in refusal.value.detail


@pytest.mark.parametrize("level", [PROFESSIONAL, ASSOCIATE])
def test_a_student_is_an_affiliate_only(level: MembershipLevel) -> None:
    with pytest.raises(StudentMustBeAffiliate, match=level):
        check_membership(level, student=True, decision=decided(make.holding()))
