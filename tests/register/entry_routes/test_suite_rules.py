"""On what a route may begin, which suites and policies can be published, and what a grant gives."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.register.domain.entry_routes import eligibility, refusals
from services.register.domain.entry_routes.route import RouteKind
from services.register.domain.entry_routes.suite import (
    CompetencePolicy,
    Standard,
    Suite,
    check_policy,
    check_suite,
    policy_of,
    suite_of,
)
from services.register.domain.membership import deciding_level
from services.register.domain.qualification import Holding, HoldingStatus
from shared.errors import Refusal
from tests.register.rules import make

SHIPPED_SUITES = {each["code"]: suite_of(each) for each in make.shipped("standards_suites")}
SHIPPED_POLICIES = {each["code"]: policy_of(each) for each in make.shipped("competence_policies")}
FRAMEWORKS = {each["code"]: each["levels"] for each in make.shipped("frameworks")}
LEVEL_4 = SHIPPED_POLICIES["competence-level-4"]
UNITS = SHIPPED_SUITES["level-4-diploma-units"]
KNOWN = frozenset({("lluk-crd-2011", "CrD00")})


def suite(*standards: Standard) -> Suite:
    """Return the units with other standards."""
    return replace(UNITS, code="other", standards=standards)


def errors(policy: CompetencePolicy) -> set[tuple[str, str]]:
    """Return pointer and code of everything that is wrong in a policy on the units."""
    with pytest.raises(refusals.CompetencePolicyNotUnderstood) as refused:
        check_policy(policy, suite=UNITS, frameworks=FRAMEWORKS)
    return {(each.pointer, each.code) for each in refused.value.errors}


def test_what_is_shipped_could_be_published() -> None:
    for each in SHIPPED_SUITES.values():
        check_suite(each, known=KNOWN)
        assert each.complete or each.incomplete_because
    for policy in SHIPPED_POLICIES.values():
        check_policy(policy, suite=SHIPPED_SUITES[policy.suite], frameworks=FRAMEWORKS)


def test_of_the_occupational_standards_only_what_was_read_is_shipped() -> None:
    assert [each.code for each in SHIPPED_SUITES["lluk-crd-2011"].standards] == ["CrD00"]
    assert [each.code for each in SHIPPED_SUITES["career-development-2014"].standards] == ["NOS02"]
    assert not any(each.complete for each in SHIPPED_SUITES.values())


def test_the_units_combine_as_the_diploma_does() -> None:
    credits = {each.code: each.credits or 0 for each in UNITS.standards}
    assert sum(credits[code] for code in LEVEL_4.required) == 30
    assert (LEVEL_4.optional_credits, LEVEL_4.credits) == (15, 45)
    assert LEVEL_4.required | LEVEL_4.optional == credits.keys()


def test_competence_at_level_4_opens_associate_membership_and_no_more() -> None:
    claimed = eligibility.competence_claimed(LEVEL_4, UNITS, by="association", today=date(2026, 11, 21))
    assert not claimed.counts
    counting = eligibility.competence_authenticated(claimed, by="registrar")
    level = deciding_level([counting], policy=make.entry_policy())
    assert (counting.counts, level.level) == (True, "associate")


@pytest.mark.parametrize(
    ("standards", "refusal"),
    [
        ([Standard(code="a", title="A"), Standard(code="a", title="B")], refusals.StandardNamedTwice),
        ([Standard(code="a", title=None)], refusals.StandardTitleMissing),
        ([Standard(code="a", title="A", related=(("lluk-crd-2011", "CrD99"),))],
         refusals.RelatedStandardUnknown),
    ],
)  # fmt: skip
def test_a_suite_that_cannot_be_told_apart_or_followed_is_refused(
    standards: list[Standard], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        check_suite(suite(*standards), known=KNOWN)


def test_a_suite_may_say_why_a_title_is_not_known_and_map_to_others_and_itself() -> None:
    mapped = (("lluk-crd-2011", "CrD00"), ("other", "b"))
    unread = Standard(code="b", title=None, unknown_because="The page is missing.")
    check_suite(suite(Standard(code="a", title="A", related=mapped), unread), known=KNOWN)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"required": frozenset({"nothing"})}, {("/required", "not-known")}),
        ({"optional": frozenset({"nothing"}), "optional_credits": 0}, {("/optional", "not-known")}),
        ({"optional": LEVEL_4.optional | {"career-theories"}}, {("/optional", "required-already")}),
        ({"optional_credits": 1000}, {("/optional_credits", "never-met")}),
        ({"required": frozenset(), "optional_credits": 0}, {("/required", "nothing-asked")}),
        ({"effective_to": date(2011, 7, 31)}, {("/effective_to", "before-it-begins")}),
        ({"framework": "ABC"}, {("/framework", "not-known")}),
        ({"level": "12"}, {("/level", "not-known")}),
        ({"framework": "NFQ", "level": "Entry 1"}, {("/level", "not-known")}),
    ],
)
def test_a_policy_that_nobody_could_meet_is_refused(
    changes: dict[str, Any], wanted: set[tuple[str, str]]
) -> None:
    assert errors(replace(LEVEL_4, **changes)) == wanted


@pytest.mark.parametrize(
    ("day", "wanted"),
    [(date(2011, 7, 31), False), (date(2011, 8, 1), True), (date(2027, 1, 1), True)],
)
def test_a_policy_holds_from_its_first_day(day: date, wanted: bool) -> None:
    assert LEVEL_4.holds_on(day) is wanted


def test_a_policy_holds_on_its_last_day_and_a_proposal_on_none() -> None:
    ended = replace(LEVEL_4, effective_to=date(2020, 1, 31))
    assert ended.holds_on(date(2020, 1, 31))
    assert not ended.holds_on(date(2020, 2, 1))
    assert not replace(LEVEL_4, effective_from=None).holds_on(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("kind", "asked", "refusal"),
    [
        (RouteKind.COMPETENCE, {"holding": 1, "policy": "x"}, refusals.HoldingNotNeeded),
        (RouteKind.COMPETENCE, {"holding": None, "policy": None}, refusals.PolicyNeeded),
        (RouteKind.ALTERNATIVE, {"holding": None, "policy": None}, refusals.HoldingNeeded),
        (RouteKind.TOP_UP, {"holding": 1, "policy": "x"}, refusals.PolicyNotNeeded),
    ],
)
def test_a_route_names_what_it_rests_on_and_nothing_else(
    kind: RouteKind, asked: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        eligibility.check_asked(kind, **asked)


@pytest.mark.parametrize(
    ("holding", "recognition", "alternative", "top_up"),
    [
        (make.holding(relevant=False), None, None, None),
        (make.holding(relevant=False), "related", None, None),
        (make.holding(relevant=False), "pending", None, refusals.HoldingNotRelated),
        (make.holding(), None, refusals.HoldingAlreadyRelevant, refusals.HoldingAlreadyRelevant),
        (make.claim(relevant=False), None, refusals.HoldingNotAuthenticatedYet,
         refusals.HoldingNotAuthenticatedYet),
        (make.holding(relevant=False, status=HoldingStatus.WITHDRAWN), None,
         refusals.HoldingNotAuthenticatedYet, refusals.HoldingNotAuthenticatedYet),
    ],
)  # fmt: skip
def test_only_what_is_real_and_not_yet_relevant_takes_a_route(
    holding: Holding,
    recognition: str | None,
    alternative: type[Refusal] | None,
    top_up: type[Refusal] | None,
) -> None:
    listed = None if recognition is None else {"recognition": recognition}
    for kind, refusal in ((RouteKind.ALTERNATIVE, alternative), (RouteKind.TOP_UP, top_up)):
        if refusal is None:
            eligibility.check_holding(kind, holding, listed=listed)
        else:
            with pytest.raises(refusal):
                eligibility.check_holding(kind, holding, listed=listed)
