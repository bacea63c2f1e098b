"""The shipped edition says what the working papers say, no more, and where they say it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from services.register.domain.directory.course_fact import FactKind, facts_of
from services.register.domain.directory.edition import parse_edition
from services.register.domain.directory.soundness import Known, check_soundness
from services.register.operations.directory.shipped import shipped
from services.register.operations.shipped import shipped as entries_of
from services.register.routes.directory.edition_bodies import EditionIn

[DOCUMENT] = shipped()
EDITION = parse_edition(DOCUMENT)
COURSES = {course.code: course for course in EDITION.courses}
UNIVERSITIES = {"cambridge", "canterbury-christ-church", "derby", "manchester-metropolitan"} | {
    "northumbria",
    "nottingham-trent",
}


def codes(kind: str) -> list[str]:
    """Return the codes of a kind of shipped reference data."""
    return [entry["code"] for entry in entries_of(kind)]


def sources(value: Any) -> Iterator[dict[str, str]]:
    """Yield every source in a document."""
    if isinstance(value, dict):
        for name, content in value.items():
            if name == "source":
                yield content
            else:
                yield from sources(content)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from sources(each)


def statements(kind: str, course: str | None = None) -> list[dict[str, Any]]:
    """Return the statements of a kind about a course, or those about none."""
    return [
        dict(each.body)
        for each in EDITION.statements
        if each.kind == kind and ((course in each.courses) if course else not each.courses)
    ]


def values(course: str, kind: FactKind) -> set[str]:
    """Return what a course is stated to be, of one kind."""
    return {
        str(fact.value)
        for fact in facts_of(EDITION)
        if (fact.course, fact.kind) == (course, kind) and fact.holds
    }


def test_it_is_the_document_that_a_registrar_could_send_and_it_is_sound() -> None:
    assert EditionIn.model_validate(DOCUMENT).model_dump(mode="json") == DOCUMENT
    frameworks = {each["code"]: each["levels"] for each in entries_of("frameworks")}
    known = Known(
        regions=codes("regions"),
        settings=codes("settings"),
        qualifications=codes("qualifications"),
        sources=codes("sources"),
        frameworks=frameworks,
    )
    check_soundness(EDITION, known)


def test_eight_bodies_thirteen_courses_sixteen_awards() -> None:
    assert (len(EDITION.awarding_bodies), len(COURSES)) == (8, 13)
    assert sum(len(course.awards) for course in EDITION.courses) == 16
    assert [award.title for award in COURSES["derby-ma"].awards] == [
        "Master of Arts",
        "Postgraduate Diploma",
        "Postgraduate Certificate",
    ]
    assert [award.title for award in COURSES["nottingham-trent-diploma"].awards] == [
        "Diploma",
        "Certificate of Achievement",
    ]


def test_six_universities_stand_in_five_regions_and_the_other_two_nowhere() -> None:
    assert {body.code for body in EDITION.awarding_bodies if body.region} == UNIVERSITIES
    assert {body.region for body in EDITION.awarding_bodies if body.region} == set("ABEGJ")


def test_no_level_is_given_that_the_papers_do_not_state_in_a_framework() -> None:
    levels = {
        (course.code, award.framework, award.level)
        for course in EDITION.courses
        for award in course.awards
        if award.level is not None
    }
    assert levels == {("ocr-nvq-4", "NVQ", "4")}
    assert all(award.level_note for course in EDITION.courses for award in course.awards)


def test_only_the_nvq_is_said_to_be_a_qualification_of_the_register() -> None:
    linked = {award.qualification for course in EDITION.courses for award in course.awards}
    assert linked == {None, "nvq-4-advice-and-guidance"}


@pytest.mark.parametrize(
    ("course", "kind", "expected"),
    [
        ("nocn-developing-iag", FactKind.DELIVERY, {"taught"}),
        ("ocr-nvq-4", FactKind.DELIVERY, {"work_based"}),
        ("derby-ma", FactKind.DELIVERY, set()),
        ("manchester-postgraduate-certificate", FactKind.DELIVERY, set()),
        ("derby-ma", FactKind.DEGREE, {"needed"}),
        ("ocr-nvq-4", FactKind.DEGREE, {"not_needed"}),
        ("canterbury-certificate", FactKind.DEGREE, {"not_needed"}),
        ("manchester-postgraduate-certificate", FactKind.DEGREE, set()),
        ("northumbria-tutoring-for-transition", FactKind.AUDIENCE,
         {"careers_coordinator", "teacher", "non_teacher", "tutor", "lead_tutor"}),
        ("nocn-developing-iag", FactKind.AUDIENCE, {"careers_coordinator", "iag_workforce"}),
        ("derby-ma", FactKind.AUDIENCE, {"careers_coordinator", "further_and_higher_education_staff"}),
        ("cambridge-special-schools", FactKind.SETTING,
         {"special_school", "pupil_referral_unit", "independent_school", "further_education_college"}),
    ],
)  # fmt: skip
def test_a_course_is_what_its_source_says_and_nothing_else(
    course: str, kind: FactKind, expected: set[str]
) -> None:
    assert values(course, kind) == expected


def test_lengths_times_and_sizes_are_those_of_the_papers() -> None:
    assert [each["max_months"] for each in statements("duration", "derby-ma")] == [72]
    assert [each["max_months"] for each in statements("duration", "derby-certificate")] == [24]
    assert [each["max_months"] for each in statements("duration", "ocr-nvq-4")] == [None]
    assert [
        (each["component"], each["per"], each["min_words"], each["max_words"])
        for each in statements("assessment", "derby-ma")
    ] == [
        ("independent_study", "course", 15000, 15000),
        ("essay_or_reflective_journal", "module", 2500, 3000),
    ]
    assert [each["component"] for each in statements("assessment", "ocr-nvq-4")] == ["portfolio"]
    [cadence] = statements("cadence", "cambridge-special-schools")
    assert (cadence["min_years"], cadence["max_years"], cadence["basis"]) == (4, 5, "derived")
    assert [(each["min_months"], each["max_months"]) for each in statements("lead_time")] == [
        (6, 9),
        (None, 12),
    ]
    assert [(each["year"], each["at_most"], each["estimate"]) for each in statements("participation")] == [
        ("2007-08", 100, True),
        (None, None, False),
    ]


def test_what_the_papers_say_of_some_courses_is_said_of_none_by_name() -> None:
    assert {each["model"] for each in statements("delivery")} >= {"e_learning", "distance_learning"}
    assert [each["result"] for each in statements("self_review")] == [
        "not_reviewed",
        "few_changes",
        "minor_changes",
    ]
    assert {(each["title"], each["status"]) for each in statements("development")} >= {
        ("Continuing professional development certificate", "proposed"),
        ("Masters course", "discontinued"),
    }
    assert [each["credits"] for each in statements("development") if each["credits"]] == [15]
    assert statements("credit") == []
    assert len(DOCUMENT["organisations"]) == 18


def test_every_fact_names_a_document_and_a_place_in_it() -> None:
    found = list(sources(json.loads(json.dumps(DOCUMENT))))
    assert len(found) > 150
    assert {source["ref"] for source in found} == {"S0", "S3"}
    papers = [source["place"] for source in found if source["ref"] == "S3"]
    assert all(place.startswith(("Working paper", "Appendix")) for place in papers)
