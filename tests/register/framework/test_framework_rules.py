"""The shipped framework: whole, sourced, and silent where no source speaks; and how a version is chosen."""

from datetime import date
from typing import Any

import pytest

from services.register.domain.framework.framework import (
    MoveKind,
    NoFrameworkInForce,
    NoSuchFramework,
    NoSuchRole,
    RequirementKind,
    moves,
    pathways,
    role_of,
    version_named,
    version_on,
)
from tests.register.rules import make

VERSIONS = make.shipped("career_frameworks")
PATHWAY = version_named(VERSIONS, "pathway-2015")
ROLES = {each["code"]: each for each in PATHWAY["roles"]}
QUALIFICATIONS = {each["code"] for each in make.shipped("qualifications")}
LEVELS = {each["code"]: each["levels"] for each in make.shipped("frameworks")}


def test_the_roles_are_those_of_the_reference_list() -> None:
    listed = {each["code"]: each["title"] for each in make.shipped("roles")}
    assert {code: role["title"] for code, role in ROLES.items()} == listed


@pytest.mark.parametrize("role", ROLES.values(), ids=list(ROLES))
def test_a_role_requires_what_exists_or_says_what_is_not_known(role: dict[str, Any]) -> None:
    assert role["requirements"] or role["unknown"]
    for requirement in role_of(PATHWAY, role["code"]).requirements:
        for framework, levels in requirement.levels:
            assert levels <= set(LEVELS[framework])
        assert requirement.qualification in {None, *QUALIFICATIONS}
        assert requirement.kind is not RequirementKind.LEVEL or requirement.levels


def test_moves_and_pathways_join_roles_that_exist() -> None:
    specialisms = {each["code"] for each in make.shipped("specialisms")}
    assert {each["specialism"] for each in PATHWAY["pathways"]} == specialisms
    for each in (*PATHWAY["moves"], *PATHWAY["pathways"]):
        assert {each["from"], each["to"]} <= ROLES.keys()


def test_a_move_that_no_source_states_says_that_it_is_a_default() -> None:
    for each in PATHWAY["moves"]:
        assert each["basis"] in {"order", "default"}
        assert (each["basis"] == "default") is ("own default" in each["source"]["note"])


def test_the_ladder_leads_from_first_contact_to_senior_manager() -> None:
    way, here = ["first_contact"], "first_contact"
    while upwards := moves(PATHWAY, start=here, kind=MoveKind.VERTICAL):
        here = upwards[0]["to"]
        way.append(here)
    assert way == [
        "first_contact", "support", "practitioner", "specialist_practitioner", "manager", "senior_manager",
    ]  # fmt: skip
    assert {each["to"] for each in moves(PATHWAY, start=way[3], kind=MoveKind.HORIZONTAL)} == {
        "research_technical", "lecturer", "consultancy", "inspectorate",
    }  # fmt: skip
    assert {each["specialism"] for each in pathways(PATHWAY, "practitioner")} >= {"stem", "lmi"}


@pytest.mark.parametrize("day", [date(2015, 5, 1), date(2026, 11, 21)])
def test_only_an_adopted_version_is_ever_in_force(day: date) -> None:
    assert version_on(VERSIONS, day)["code"] == "pathway-2015"


def test_a_later_version_follows_and_one_that_ended_is_over() -> None:
    later = PATHWAY | {"code": "later", "effective_from": "2027-01-01"}
    assert version_on([*VERSIONS, later], date(2026, 12, 31))["code"] == "pathway-2015"
    assert version_on([*VERSIONS, later], date(2027, 1, 1))["code"] == "later"
    ended = PATHWAY | {"effective_to": "2020-12-31"}
    assert version_on([ended], date(2020, 12, 31))["code"] == "pathway-2015"
    for versions, day in ((VERSIONS, date(2015, 4, 30)), ([ended], date(2021, 1, 1))):
        with pytest.raises(NoFrameworkInForce):
            version_on(versions, day)


def test_what_there_is_not_is_not_found() -> None:
    with pytest.raises(NoSuchFramework):
        version_named(VERSIONS, "none")
    with pytest.raises(NoSuchRole):
        role_of(PATHWAY, "wizard")
