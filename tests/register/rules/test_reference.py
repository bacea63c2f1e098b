"""The shipped reference data: every record has a source that exists, and a level that exists."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from services.register.domain.licence import scopes_earned
from services.register.domain.person import HomeCountry
from services.register.domain.policy import MembershipLevel, in_force
from services.register.domain.qualification import Subject
from tests.register.rules import make

NAMES = sorted(path.stem for path in make.REFERENCE.glob("*.json"))
TABLES = [name for name in NAMES if name != "sources"]
SOURCES = make.shipped("sources")
LEVELS = {record["code"]: record["levels"] for record in make.shipped("frameworks")}
POLICIES = {record["code"]: record for record in make.shipped("entry_policies")}


def records() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every record of every table with the name of its table."""
    for name in TABLES:
        for record in make.shipped(name):
            yield name, record


def sources_named(value: Any) -> set[str]:
    """Return the tag of every source named anywhere inside a record, in its notes too."""
    return set(re.findall(r"\b[SWR][0-9]+[a-c]?\b", json.dumps(value)))


def rules_of(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rules of a policy, of levels and scopes alike; other records have none."""
    policy = record.get("policy", {})
    return [*policy.get("levels", ()), *policy.get("scopes", ())]


EVERY = [pytest.param(record, id=f"{name}/{record['code']}") for name, record in records()]


def test_everything_that_was_asked_for_is_shipped() -> None:
    assert set(TABLES) == {
        "associations", "career_frameworks", "client_groups", "codes_of_ethics", "competence_policies",
        "conduct_policies", "cpd_outcome_policies", "entry_policies", "frameworks",
        "higher_education_cycles", "home_countries", "joining_policies", "languages", "level_equivalences",
        "licence_policies", "match_policies", "membership_levels", "qualifications", "regions",
        "report_policies", "retention_policies", "roles", "schemes", "settings", "specialisms",
        "standards_suites",
    }  # fmt: skip


@pytest.mark.parametrize("record", EVERY)
def test_every_record_has_a_source_that_exists(record: dict[str, Any]) -> None:
    assert sources_named(record["source"]["ref"])
    assert sources_named(record) <= set(SOURCES)


@pytest.mark.parametrize("rule", [rule for record in POLICIES.values() for rule in rules_of(record)])
def test_every_threshold_has_a_source_that_exists(rule: dict[str, Any]) -> None:
    for threshold in rule["thresholds"]:
        assert sources_named(threshold["source"])
        assert sources_named(threshold["source"]) <= set(SOURCES)


@pytest.mark.parametrize("record", EVERY)
def test_every_record_says_from_when_to_when_it_holds_or_that_nobody_knows(record: dict[str, Any]) -> None:
    first, last = (
        None if record[key] is None else date.fromisoformat(record[key])
        for key in ("effective_from", "effective_to")
    )
    assert first is None or last is None or first <= last


@pytest.mark.parametrize("name", TABLES)
def test_codes_are_unique_within_their_table(name: str) -> None:
    codes = [record["code"] for record in make.shipped(name)]
    assert len(set(codes)) == len(codes)


def test_every_source_is_used_and_has_a_title() -> None:
    assert set(SOURCES) == set().union(*(sources_named(record) for _, record in records()))
    assert all(source["title"] for source in SOURCES.values())


@pytest.mark.parametrize("record", EVERY)
def test_every_level_exists_in_its_framework(record: dict[str, Any]) -> None:
    for framework, level in levels_named(record):
        assert level in LEVELS[framework]


def levels_named(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each framework and level that a record names."""
    if record.get("framework"):
        yield record["framework"], record["level"]
    levels = record.get("levels")
    for framework, named in levels.items() if isinstance(levels, dict) else ():
        yield from ((framework, level) for level in named)
    for rule in rules_of(record):
        for threshold in rule["thresholds"]:
            yield from ((threshold["framework"], level) for level in threshold["levels"])


@pytest.mark.parametrize("record", make.shipped("qualifications"), ids=lambda record: record["code"])
def test_a_framework_and_its_level_are_known_together_or_not_at_all(record: dict[str, Any]) -> None:
    assert (record["framework"] is None) is (record["level"] is None)
    assert record["recognition"] in {"recognised", "related", "pending"}
    assert record["subject"] in {None, *Subject}


def test_only_what_a_source_says_meets_the_entry_requirement_is_recognised() -> None:
    recognised = {
        each["code"] for each in make.shipped("qualifications") if each["recognition"] == "recognised"
    }
    assert recognised == {"qcd"}


def test_welfare_to_work_qualifications_are_pending_and_none_is_named() -> None:
    sector = [each for each in make.shipped("qualifications") if each["sector"] == "welfare_to_work"]
    assert [(each["code"], each["recognition"]) for each in sector] == [("welfare-to-work", "pending")]
    assert sector[0]["framework"] is None


def test_the_six_associations_are_shipped_with_their_printed_forms() -> None:
    associations = {record["code"]: record for record in make.shipped("associations")}
    assert set(associations) == {"ICG", "ACEG", "NAEGA", "AGCAS", "NISCA", "ACPI"}
    assert associations["ICG"]["aliases"] == ["The Institute for Career Guidance"]


def test_the_printed_form_lld_leads_to_ldd() -> None:
    (ldd,) = [record for record in make.shipped("specialisms") if "LLD" in record["aliases"]]
    assert ldd["code"] == "ldd"


def test_regions_skip_c_and_i_and_carry_no_code_that_was_not_confirmed() -> None:
    regions = {record["code"]: record for record in make.shipped("regions")}
    assert "".join(sorted(regions)) == "ABDEFGHJKNSW"
    assert {code for code, record in regions.items() if record["ons_code"] is None} == {"W", "S", "N"}
    assert regions["K"]["ons_code"] == "E12000009"
    assert {record["home_country"] for record in regions.values()} == set(HomeCountry)


def test_home_countries_and_membership_levels_are_those_of_the_rules() -> None:
    assert [record["code"] for record in make.shipped("home_countries")] == list(HomeCountry)
    assert [record["code"] for record in make.shipped("membership_levels")] == list(MembershipLevel)
    students = {record["code"] for record in make.shipped("membership_levels") if record["categories"]}
    assert students == {"affiliate"}


def test_the_equivalence_table_is_many_to_many_and_says_that_it_decides_nothing() -> None:
    rows = make.shipped("level_equivalences")
    (six,) = [row for row in rows if row["levels"]["EQF"] == ["6"]]
    assert six["levels"]["SCQF"] == ["10", "9"]
    (five,) = [row for row in rows if row["levels"]["EQF"] == ["5"]]
    assert five["levels"]["RQF"] == ["5", "4"]
    assert all("never decides eligibility" in row["caveat"] for row in rows)


def test_the_equivalence_table_and_the_entry_policy_disagree_about_scotland() -> None:
    (six,) = [row for row in make.shipped("level_equivalences") if "6" in row["levels"]["QCF"]]
    for level in six["levels"]["SCQF"]:
        holding = make.holding(framework="SCQF", level=level, credits=360)
        assert scopes_earned([holding], policy=make.entry_policy()) == ()


def test_one_code_of_ethics_is_in_force_today_and_none_claims_to_be_complete() -> None:
    codes = make.shipped("codes_of_ethics")
    assert [code["code"] for code in codes if code["status"] == "adopted"] == ["cdi-2019-01-01"]
    assert not any(code["complete"] for code in codes)


def test_the_adopted_policy_is_in_force_and_the_proposed_one_has_no_day() -> None:
    assert in_force([make.entry_policy()], date(2026, 11, 21)).version == "entry-2011"
    assert POLICIES["entry-2011"]["status"] == "adopted"
    proposed = POLICIES["entry-level-7"]
    assert (proposed["status"], proposed["effective_from"]) == ("proposed", None)
    assert proposed["policy"]["effective_from"] is None


def test_every_framework_has_a_threshold_or_is_named_as_without_one() -> None:
    record = POLICIES["entry-2011"]
    with_threshold = {framework for framework, _ in levels_named(record)}
    without = {each["framework"] for each in record["frameworks_without_threshold"]}
    assert with_threshold | without == set(LEVELS)
    assert not with_threshold & without


def test_a_licence_lasts_a_year_with_a_named_house_default_of_grace() -> None:
    policy = make.licence_policy()
    assert (policy.term_months, policy.grace_days, policy.source) == (12, 28, "house default")
    assert "No source gives a number" in make.shipped("licence_policies")[0]["source"]["note"]
