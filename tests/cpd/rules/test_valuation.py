"""One log by the rules of several associations: golden tables, and what the standing says of it as well."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from services.cpd.domain.counting import Activity, Worth
from services.cpd.domain.cycle import Membership
from services.cpd.domain.policy import Evidence, Policy
from services.cpd.domain.standing import Facts, standing
from services.cpd.domain.valuation import Valuation, appraise
from tests.cpd.rules.cases import POLICIES, day, done, entered, held, policy
from tests.cpd.rules.test_properties import DAYS, FACTS, PUBLISHED

TODAY = "2026-11-21"
ACEG = policy(version="aceg", association="ACEG", asks=["outcome"], caps={"informal": "4"})
TERMS = [*POLICIES, ACEG]
TALK = done("2026-05-01", "6", kind="informal")


def of_one(
    activity: Activity, supposed: Membership | None = None, *, memberships: Sequence[Membership] = (held(),)
) -> list[Valuation]:
    """Return what one entry counts for in each association, for somebody on the register since March 2025."""
    facts = Facts(memberships=memberships, moves=[entered()], activities=[activity])
    (appraisal,) = appraise(facts, TERMS, day=day(TODAY), supposed=supposed)
    return list(appraisal.valuations)


@pytest.mark.parametrize(
    ("activity", "aceg", "icg"),
    [
        (TALK, ("4", Worth.CAPPED), ("6", Worth.COUNTED)),
        (done(lacking=Evidence.REFLECTION), ("25", Worth.COUNTED), ("0", Worth.NO_REFLECTION)),
        # The year before is open too; the one before that is not.
        (done("2026-02-28"), ("25", Worth.COUNTED), ("25", Worth.COUNTED)),
        (done("2025-02-28"), ("0", Worth.NO_YEAR), ("0", Worth.NO_YEAR)),
        (done("2027-01-01", planned=True), ("0", Worth.PLANNED), ("0", Worth.PLANNED)),
    ],
)
def test_each_association_values_the_same_entry_by_its_own_policy(
    activity: Activity, aceg: tuple[str, Worth], icg: tuple[str, Worth]
) -> None:
    theirs, ours = of_one(activity, memberships=[held(), held(association="ACEG")])
    assert (theirs.association, theirs.counted, theirs.reasons) == ("ACEG", Decimal(aceg[0]), (aceg[1],))
    assert (ours.association, ours.counted, ours.reasons) == ("ICG", Decimal(icg[0]), (icg[1],))
    assert not theirs.supposed
    assert not ours.supposed


@pytest.mark.parametrize(
    ("level", "since", "counted", "reason"),
    [
        ("professional", "2024-11-21", "4", Worth.CAPPED),
        ("associate", "2024-11-21", "6", Worth.COUNTED),
        ("affiliate", "2024-11-21", "0", Worth.NO_OBLIGATION),
        # Whoever joins today brings nothing along that was done before.
        ("professional", TODAY, "0", Worth.NOT_A_MEMBER),
    ],
)
def test_what_would_count_in_another_association_follows_from_its_policy_and_the_day_of_joining(
    level: str, since: str, counted: str, reason: Worth
) -> None:
    supposed = held(level, since, association="ACEG")
    theirs, ours = of_one(TALK, supposed)
    assert (theirs.supposed, theirs.counted, theirs.reasons) == (True, Decimal(counted), (reason,))
    assert [ours] == of_one(TALK)


def test_an_association_that_somebody_has_left_values_nothing() -> None:
    memberships = [held(), held(association="ACEG", until="2026-09-30")]
    assert [each.association for each in of_one(TALK, memberships=memberships)] == ["ICG"]


@given(FACTS, PUBLISHED, DAYS)
@settings(max_examples=75, deadline=None)
def test_the_valuations_are_those_on_which_the_standing_rests(
    facts: Facts, policies: Sequence[Policy], day: date
) -> None:
    told = {
        (each.activity.entry_id, valuation.association, valuation.cycle): valuation
        for each in appraise(facts, policies, day=day)
        for valuation in each.valuations
    }
    for part in standing(facts, policies, day=day).parts:
        for valued in part.account.tally.entries if part.account else ():
            valuation = told[valued.activity.entry_id, part.association, part.account.cycle]
            assert (valuation.counted, valuation.reasons) == (valued.counted, valued.reasons)
