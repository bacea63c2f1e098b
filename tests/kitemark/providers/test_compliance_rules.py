"""Is a provider accredited as it has to be: every answer, from the rules as they are shipped."""

import json
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from services.kitemark.domain.providers.accreditation import Accreditation
from services.kitemark.domain.providers.compliance import Answer, ComplianceReason, Facts, compliance
from services.kitemark.domain.providers.provider import Circumstance, Closing, Outcome, Provider, Sector
from services.kitemark.domain.providers.rule import Rule, RuleNotUnderstood, Severity, in_force, read_rule
from tests.house.source import ROOT

SHIPPED = ROOT / "services/kitemark/reference"
ENTRIES = json.loads((SHIPPED / "requirement_rules.json").read_text())
STANDARDS = json.loads((SHIPPED / "provider_standards.json").read_text())
RULES = [read_rule(entry) for entry in ENTRIES]
CODES = [entry["code"] for entry in json.loads((SHIPPED / "provider_circumstances.json").read_text())]
DAY = date(2026, 11, 21)
MATRIX = Accreditation(
    ukprn="10000001",
    standard="matrix",
    edition=None,
    valid_from=date(2025, 1, 1),
    valid_to=date(2027, 12, 31),
    source="test",
)
OTHER = replace(MATRIX, standard="quality-standards-young-peoples-iag")
ENDED = replace(MATRIX, valid_to=date(2026, 11, 20))
ENDLESS = replace(MATRIX, valid_to=None, confirmed_on=date(2026, 11, 20))


def provider(**told: Any) -> Provider:
    """Return a provider of whom everything is known, and nothing asks anything, unless told otherwise."""
    said = {code: told.pop(code, False) for code in CODES}
    circumstances = tuple(Circumstance(code=c, holds=h) for c, h in said.items() if h is not None)
    known = {"sector": Sector.THIRD, "sole_trader": False, "publicly_funded": False}
    return Provider(name="A", circumstances=circumstances, **(known | told))


def answer(told: Provider, *held: Accreditation, day: date = DAY) -> Answer:
    return compliance(Facts(provider=told, accreditations=held), RULES, day=day).answer


@pytest.mark.parametrize(
    ("told", "without", "with_it"),
    [
        ({}, Answer.NOT_REQUIRED, Answer.NOT_REQUIRED),
        ({"publicly_funded": True}, Answer.NOT_COMPLIANT, Answer.COMPLIANT),
        ({"national_careers_service": True}, Answer.NOT_COMPLIANT, Answer.COMPLIANT),
        ({"adult_education_budget_college": True}, Answer.NOT_COMPLIANT, Answer.COMPLIANT),
        ({"traineeships": True}, Answer.NOT_COMPLIANT, Answer.COMPLIANT),
        ({"commissioned_by_schools": True}, Answer.NOT_COMPLIANT, Answer.COMPLIANT),
        ({"agcas_member": True}, Answer.NOT_COMPLIANT, Answer.COMPLIANT),
        ({"sector": Sector.PRIVATE}, Answer.RECOMMENDED_AND_MISSING, Answer.COMPLIANT),
        ({"sole_trader": True}, Answer.RECOMMENDED_AND_MISSING, Answer.COMPLIANT),
        ({"sector": Sector.PRIVATE, "publicly_funded": True}, Answer.NOT_COMPLIANT, Answer.COMPLIANT),
        ({"publicly_funded": None}, Answer.UNKNOWN, Answer.COMPLIANT),
        ({"agcas_member": None}, Answer.UNKNOWN, Answer.COMPLIANT),
        ({"sector": None}, Answer.UNKNOWN, Answer.COMPLIANT),
        # What is surely required and missing is not excused by what is not known beside it.
        ({"traineeships": True, "publicly_funded": None}, Answer.NOT_COMPLIANT, Answer.COMPLIANT),
    ],
)
def test_each_kind_of_provider_is_asked_what_the_shipped_rules_ask(
    told: dict[str, Any], without: Answer, with_it: Answer
) -> None:
    assert answer(provider(**told)) is without
    assert answer(provider(**told), OTHER, ENDED) is without
    assert answer(provider(**told), ENDED, MATRIX) is with_it


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2024, 12, 31), Answer.NOT_COMPLIANT),
        (date(2025, 1, 1), Answer.COMPLIANT),
        (date(2027, 12, 31), Answer.COMPLIANT),
        (date(2028, 1, 1), Answer.NOT_COMPLIANT),
        (date(2028, 2, 29), Answer.NOT_COMPLIANT),
    ],
)
def test_both_days_of_an_accreditation_are_in_it(day: date, held: Answer) -> None:
    assert answer(provider(traineeships=True), MATRIX, day=day) is held


def test_an_accreditation_without_an_end_is_known_to_hold_while_its_source_listed_it() -> None:
    asked = provider(traineeships=True)
    assert answer(asked, ENDLESS, day=date(2026, 11, 20)) is Answer.COMPLIANT
    found = compliance(Facts(provider=asked, accreditations=(ENDLESS,)), RULES, day=DAY)
    assert (found.answer, found.reasons) == (Answer.UNKNOWN, (ComplianceReason.END_UNKNOWN,))
    withdrawn = replace(ENDLESS, withdrawn_on=date(2026, 11, 10))
    assert answer(asked, withdrawn) is Answer.NOT_COMPLIANT
    assert answer(asked, withdrawn, day=date(2026, 11, 9)) is Answer.COMPLIANT


def test_what_a_predecessor_holds_is_said_and_is_not_counted() -> None:
    facts = Facts(provider=provider(traineeships=True), inherited=(MATRIX,))
    found = compliance(facts, RULES, day=DAY)
    assert (found.answer, found.reasons) == (Answer.UNKNOWN, (ComplianceReason.PREDECESSOR_ACCREDITED,))
    assert compliance(replace(facts, inherited=(ENDED,)), RULES, day=DAY).answer is Answer.NOT_COMPLIANT


def test_of_nobody_of_a_closed_provider_and_of_days_before_all_rules_nothing_is_known() -> None:
    assert compliance(None, RULES, day=DAY).reasons == (ComplianceReason.NOT_KNOWN,)
    closing = Closing(closed_on=DAY, outcome=Outcome.CLOSED, successor=None)
    facts = Facts(provider=provider(), closing=closing, accreditations=(MATRIX,))
    assert compliance(facts, RULES, day=DAY).answer is Answer.NOT_REQUIRED
    assert compliance(facts, RULES, day=date(2026, 11, 22)).reasons == (ComplianceReason.CLOSED,)
    early = compliance(facts, RULES, day=date(2011, 3, 30))
    assert (early.answer, early.reasons) == (Answer.UNKNOWN, (ComplianceReason.NO_RULE,))


def test_a_circumstance_counts_in_its_days_and_is_unknown_outside_them() -> None:
    contract = Circumstance(code="traineeships", holds=True, first=date(2026, 1, 1), last=date(2026, 6, 30))
    told = provider(traineeships=None)
    told = replace(told, circumstances=(*told.circumstances, contract))
    assert answer(told, day=date(2026, 6, 30)) is Answer.NOT_COMPLIANT
    assert answer(told, day=date(2026, 7, 1)) is Answer.UNKNOWN


def test_no_unknown_ever_becomes_a_yes_or_a_no_by_itself() -> None:
    """Whatever is unknown: once it is told either way, the answer is one that was still possible."""
    names = ("publicly_funded", "sole_trader", "traineeships")
    for held in ((), (MATRIX,), (ENDLESS,)):
        for values in product((True, False, None), repeat=len(names)):
            told = dict(zip(names, values, strict=True))
            said = answer(provider(**told), *held)
            settled = {
                answer(provider(**dict(zip(names, each, strict=True))), *held)
                for each in product((True, False), repeat=len(names))
                if all(v is None or v is e for v, e in zip(values, each, strict=True))
            }
            if said is Answer.NOT_COMPLIANT:
                assert settled == {Answer.NOT_COMPLIANT}
            if said is Answer.NOT_REQUIRED:
                assert settled == {Answer.NOT_REQUIRED}
            if Answer.NOT_COMPLIANT in settled and len(settled) > 1:
                assert said is Answer.UNKNOWN


def test_a_later_version_of_a_rule_takes_the_place_of_the_earlier_from_its_day_on() -> None:
    first = next(rule for rule in RULES if rule.rule == "private-and-traders")
    second = replace(first, version="later", effective_from=date(2026, 11, 21), severity=Severity.REQUIRED)
    ended = replace(second, version="last", effective_from=date(2027, 1, 1), effective_to=date(2027, 1, 31))

    def version(day: date) -> str | None:
        found = [each for each in in_force([ended, second, first], day) if each.rule == first.rule]
        return found[0].version if found else None

    assert version(date(2026, 11, 20)) == first.version
    assert version(date(2026, 11, 21)) == "later"
    assert version(date(2027, 1, 31)) == "last"
    assert version(date(2027, 2, 1)) is None


def test_the_shipped_data_names_its_sources_its_gaps_and_no_period() -> None:
    sources = json.loads((SHIPPED / "sources.json").read_text())
    standards = {entry["code"]: entry for entry in STANDARDS}
    assert {rule.standard for rule in RULES} <= standards.keys()
    assert {claim.name for rule in RULES for case in rule.cases for claim in case} <= {
        *CODES,
        "publicly_funded",
        "sole_trader",
        "sector:private",
    }
    assert {entry["source"]["ref"] for entry in (*ENTRIES, *STANDARDS)} <= sources.keys()
    assert all(entry["period"] is None for entry in STANDARDS)
    matrix = standards["matrix"]["editions"][-1]
    assert [each["title"] for each in matrix["elements"]] == [
        "Leadership and Management",
        "Resources",
        "Service Delivery",
        "Continuous Quality Improvement",
    ]
    assert [len(each["criteria"]) for each in matrix["elements"]] == [8, 4, 0, 0]
    assert not any(edition["complete"] for entry in STANDARDS for edition in entry["editions"])


@pytest.mark.parametrize(
    "broken",
    [
        {"severity": "perhaps"},
        {"applies_when": []},
        {"applies_when": [[]]},
        {"effective_from": "2026-02-31"},
        {"effective_to": "2001-01-01"},
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(RuleNotUnderstood):
        read_rule(ENTRIES[0] | broken)


def test_every_rule_is_a_value() -> None:
    assert all(isinstance(rule, Rule) for rule in RULES)
