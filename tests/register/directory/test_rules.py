"""The rules of the directory, each as a table: what is missing, what nobody covers, who may publish."""

from datetime import date
from typing import Any

import pytest

from services.register.domain.directory.combination import (
    CombinationRule,
    Missing,
    Module,
    combination_complete,
)
from services.register.domain.directory.completion import completed
from services.register.domain.directory.course_fact import FactKind, facts_of
from services.register.domain.directory.coverage import content_coverage, framework_reviews, region_coverage
from services.register.domain.directory.edition import Edition, parse_edition
from services.register.domain.directory.publication import (
    DrafterMayNotPublish,
    EditionNotYetDue,
    EditionOlderThanTheLatest,
    Predecessor,
    check_publication,
)
from services.register.domain.directory.soundness import EditionNotSound, Known, check_soundness
from services.register.domain.directory.vocabulary import BodyKind, ContentCoverage, ModulePart
from shared.errors import Refusal
from tests.register.directory import make

CORE, OPTIONAL = ModulePart.CORE, ModulePart.OPTIONAL
RULE = CombinationRule(
    modules=(
        Module(code="theory", part=CORE, credits=20),
        Module(code="practice", part=CORE, credits=20),
        Module(code="special", part=OPTIONAL, credits=10),
        Module(code="colleges", part=OPTIONAL, credits=None),
        Module(code="other", part=None, credits=10),
    ),
    minimum_optional=1,
    minimum_credits=50,
)


def parsed(**parts: Any) -> Edition:
    """Return a made-up edition."""
    return parse_edition(completed(make.edition(**parts)))


@pytest.mark.parametrize(
    ("done", "missing"),
    [
        ((), Missing(core=("theory", "practice"), optional=1, credits=50)),
        (("theory", "practice", "special"), Missing()),
        (("theory", "practice"), Missing(optional=1, credits=10)),
        (("theory", "practice", "other"), Missing(optional=1)),
        (("theory", "practice", "colleges"), Missing(credits=10, credits_not_known=("colleges",))),
        (("theory", "theory", "nonsense"), Missing(core=("practice",), optional=1, credits=30)),
    ],
)
def test_what_is_missing_of_a_combination(done: tuple[str, ...], missing: Missing) -> None:
    assert combination_complete(done, RULE) == missing
    assert missing.complete == (done == ("theory", "practice", "special"))


def test_a_rule_without_numbers_asks_for_the_core_alone() -> None:
    rule = CombinationRule(modules=RULE.modules, minimum_optional=None, minimum_credits=None)
    assert combination_complete({"theory", "practice"}, rule).complete


def test_a_region_is_taught_in_by_its_own_courses_and_centred_by_its_own_universities() -> None:
    edition = parsed(
        awarding_bodies=[
            make.body("one", "A"),
            make.body("two", "A"),
            make.body("board", "D", kind=BodyKind.AWARDING_ORGANISATION.value),
        ]
    )
    found = region_coverage(
        ["A", "B", "D"], taught={"B": ["first"]}, bodies=edition.awarding_bodies, centres_per_region=2
    )
    assert [(each.region, each.has_taught_provision, each.has_enough_centres) for each in found] == [
        ("A", False, True),
        ("B", True, False),
        ("D", False, False),
    ]
    assert found[0].centres == ("one", "two")


def test_content_is_covered_where_a_course_has_it_and_no_source_denies_it() -> None:
    edition = parsed(
        statements=[
            make.stated("content", "a", "b", elements=["x", "y"], coverage="covered"),
            make.stated("content", "b", elements=["x"], coverage="not_covered"),
            make.stated("content", "a", elements=["y"], coverage="in_part"),
            make.stated("content", elements=["z"], coverage="in_part"),
            make.stated("content", "a", "b", "c", elements=["w"], coverage="not_covered"),
        ]
    )
    x, y, z, w, v = content_coverage(["x", "y", "z", "w", "v"], ["a", "b", "c"], edition.statements)
    assert (x.covered, x.not_covered, x.silent) == (("a",), ("b",), ("c",))
    assert (y.covered, y.in_part) == (("b",), ("a",))
    assert (z.unnamed, z.silent) == ((ContentCoverage.IN_PART,), ("a", "b", "c"))
    assert [each.covered_by_no_course for each in (x, y, z, w, v)] == [False, False, False, True, False]
    assert [each.not_stated for each in (x, y, z, w, v)] == [False, False, False, False, True]


def test_a_review_is_that_of_the_body_and_version_or_unknown() -> None:
    review = {
        "kind": "self_review",
        "awarding_bodies": ["one"],
        "framework_version": "v2",
        "result": "not_reviewed",
        "reviewed_on": "2009-01-31",
        "gaps": ["poetry"],
        "source": make.SOURCE,
    }
    found = framework_reviews(["one", "two"], ["v1", "v2"], parsed(statements=[review]).statements)
    assert [(each.awarding_body, each.framework_version, each.result) for each in found] == [
        ("one", "v1", None),
        ("two", "v1", None),
        ("one", "v2", "not_reviewed"),
        ("two", "v2", None),
    ]
    assert (found[2].reviewed_on, found[2].gaps) == ("2009-01-31", ("poetry",))


@pytest.mark.parametrize(
    ("one_of", "expected"),
    [
        (["none"], {"not_needed"}),
        (["none", "evidence_of_undergraduate_study"], {"not_needed"}),
        (["degree"], {"needed"}),
        (["none", "degree"], set()),
    ],
)
def test_a_degree_is_known_to_be_needed_or_not_where_all_that_may_be_meant_agree(
    one_of: list[str], expected: set[str]
) -> None:
    facts = facts_of(parsed(statements=[make.stated("entry", "first", one_of=one_of)]))
    assert {fact.value for fact in facts if fact.kind is FactKind.DEGREE} == expected


LATEST = Predecessor(code="2008-09", revision=4, published_in=date(2008, 9, 1))


@pytest.mark.parametrize(
    ("changes", "by", "refusal"),
    [
        ({}, "other", None),
        ({"published_in": "2008-09"}, "other", None),
        ({}, "drafter", DrafterMayNotPublish),
        ({"published_in": "2009-11"}, "other", EditionNotYetDue),
        ({"revision": 4}, "other", EditionOlderThanTheLatest),
        ({"published_in": "2008-08"}, "other", EditionOlderThanTheLatest),
    ],
)
def test_who_may_publish_what_and_when(
    changes: dict[str, Any], by: str, refusal: type[Refusal] | None
) -> None:
    def publish() -> None:
        check_publication(
            parsed(**changes), worked_on_by=["drafter"], by=by, latest=LATEST, today=date(2009, 10, 31)
        )

    if refusal is None:
        publish()
    else:
        with pytest.raises(refusal):
            publish()


KNOWN = Known(
    regions={"H"},
    settings={"school"},
    qualifications={"diploma"},
    sources={"S3"},
    frameworks={"QCF": ["6", "7"], "NVQ": ["4"]},
)
AWARD = {"title": "Diploma", "source": make.SOURCE, **make.LEVEL}


def awarded(**changes: Any) -> dict[str, Any]:
    """Return a part of an edition whose one award is changed."""
    return {"courses": [make.course(awards=[AWARD | changes])]}


def saying(kind: str, *courses: str, **fields: Any) -> dict[str, Any]:
    """Return a part of an edition with one statement."""
    return {"statements": [make.stated(kind, *courses, **fields)]}


MODULE = {
    "code": "m",
    "title": "M",
    "part": "core",
    "credits": 1,
    "settings": ["moon"],
    "source": make.SOURCE,
}


@pytest.mark.parametrize(
    ("parts", "pointer", "code"),
    [
        ({"courses": [make.course(), make.course()]}, "/courses/1/code", "repeated"),
        ({"courses": [make.course(awarding_body="x")]}, "/courses/0/awarding_body", "unknown-awarding-body"),
        ({"awarding_bodies": [make.body(region="C")]}, "/awarding_bodies/0/region", "unknown-region"),
        ({"courses": [make.course(since="2009-02-01", until="2009-01-01")]}, "/courses/0/until",
         "ends-before-it-starts"),
        (awarded(framework=None), "/courses/0/awards/0/framework", "level-without-framework"),
        (awarded(framework="XYZ"), "/courses/0/awards/0/framework", "unknown-framework"),
        (awarded(framework="NVQ"), "/courses/0/awards/0/level", "unknown-level"),
        (awarded(framework=None, level=None), "/courses/0/awards/0/level_note", "reason-missing"),
        (awarded(qualification="x"), "/courses/0/awards/0/qualification", "unknown-qualification"),
        (awarded(source={"ref": "S9", "place": "x"}), "/courses/0/awards/0/source/ref", "unknown-source"),
        (saying("delivery", "none", model="taught"), "/statements/0/courses", "unknown-course"),
        (saying("availability", region="C", how="taught"), "/statements/0/region", "unknown-region"),
        (saying("content", elements=["x"], coverage="covered"), "/statements/0/elements", "unknown-term"),
        (saying("audience", audiences=["poetry"], fit="open_to"), "/statements/0/audiences", "unknown-term"),
        (saying("setting", settings=["moon"], fit="open_to"), "/statements/0/settings", "unknown-setting"),
        (saying("setting", *["first"] * 500, settings=["school"] * 201), "/statements", "too-much"),
        (saying("duration", min_months=9, max_months=6), "/statements/0/max_months", "below-the-least"),
        (saying("self_review", framework_version="v9"), "/statements/0/framework_version",
         "unknown-framework-version"),
        ({"framework_versions": [{"code": "v2", "supersedes": "v1"}]}, "/framework_versions/0/supersedes",
         "unknown-framework-version"),
        (saying("credit", credits=15, framework=None, level="7"), "/statements/0/framework",
         "level-without-framework"),
        ({"modular_qualifications": [{"code": "q", "levels": [], "modules": [MODULE]}]},
         "/modular_qualifications/0/modules/0/settings", "unknown-setting"),
    ],
)  # fmt: skip
def test_what_is_not_sound_is_told_with_its_place(parts: dict[str, Any], pointer: str, code: str) -> None:
    check_soundness(parsed(), KNOWN)
    with pytest.raises(EditionNotSound) as refused:
        check_soundness(parsed(**parts), KNOWN)
    assert (pointer, code) in {(error.pointer, error.code) for error in refused.value.errors}
