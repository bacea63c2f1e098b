"""What follows from an edition as a whole, of the shipped one and of one that says something else."""

import csv
import io
from typing import Any

from tests.register.conftest import Register
from tests.register.directory import make
from tests.register.directory.make import get

MODULES = [
    {"code": "theory", "title": "Theory", "part": "core", "credits": 20, "source": make.SOURCE},
    {"code": "poems", "title": "Poems", "part": "optional", "credits": 10, "source": make.SOURCE},
]
MODULAR = {
    "code": "certificate",
    "title": "A certificate",
    "status": "running",
    "levels": [],
    "modules": MODULES,
    "combination": {"minimum_optional": 1, "minimum_credits": 30, "source": make.SOURCE},
    "source": make.SOURCE,
}


def other_edition() -> dict[str, Any]:
    """Return an edition in which London has what it lacks, and the North East lacks what it has."""
    return make.edition(
        courses=[make.course(), make.course("over", status="discontinued")],
        statements=[
            make.stated("availability", "first", region="H", how="taught_at_university"),
            make.stated("availability", "over", region="A", how="taught"),
            make.stated("availability", "first", region=None, how="national"),
            {
                "kind": "self_review",
                "awarding_bodies": ["one"],
                "framework_version": "v1",
                "result": "not_reviewed",
                "reviewed_on": None,
                "source": make.SOURCE,
            },
        ],
        modular_qualifications=[MODULAR],
    )


async def test_nothing_is_taught_in_three_regions_and_four_lack_a_centre(register: Register) -> None:
    found = await get(register, "/v1/directory/coverage")
    assert found["without_taught_provision"] == ["D", "H", "K"]
    titles = {each["region"]: each["title"] for each in found["regions"]}
    assert [titles[region] for region in ("D", "H", "K")] == [
        "Yorkshire and The Humber",
        "London",
        "South West",
    ]
    assert found["without_enough_centres"] == ["D", "F", "H", "K"]
    assert found["national"] == ["ocr-nvq-4"]
    assert len(found["regions"]) == 9
    assert all(each["source"]["place"] for each in found["statements"])


async def test_the_answers_are_those_of_the_edition_asked_about(register: Register) -> None:
    await make.published(register, other_edition())
    found = await get(register, "/v1/directory/coverage")
    assert found["without_taught_provision"] == found["without_enough_centres"] == list("ABDEFGJK")
    assert found["national"] == ["first"]
    content = await get(register, "/v1/directory/content")
    assert (content["covered_by_no_course"], content["not_stated"]) == ([], ["poetry"])
    reviews = await get(register, "/v1/directory/framework-reviews")
    assert (reviews["not_reviewed"], reviews["not_stated"]) == (["one"], [])
    assert [item["code"] for item in (await get(register, "/v1/courses"))["items"]] == ["first", "over"]
    earlier = await get(register, "/v1/directory/coverage", edition="2008-09")
    assert earlier["without_taught_provision"] == ["D", "H", "K"]
    editions = (await get(register, "/v1/directory-editions"))["items"]
    assert [(each["code"], each["revision"]) for each in editions] == [("2009-09", 5), ("2008-09", 4)]


async def test_no_course_covers_classroom_management_and_no_provider_is_known_to_have_reviewed(
    register: Register,
) -> None:
    content = await get(register, "/v1/directory/content")
    assert content["covered_by_no_course"] == ["classroom_management"]
    assert content["not_stated"] == ["stem", "ict", "lmi"]
    by_code = {each["term"]["code"]: each for each in content["elements"]}
    assert by_code["leading_and_managing"]["not_covered"] == ["nocn-developing-iag"]
    assert by_code["guidance_skills"]["unnamed"] == ["in_part"]
    reviews = await get(register, "/v1/directory/framework-reviews")
    assert [version["code"] for version in reviews["versions"]] == ["2004", "2008-10"]
    assert (reviews["not_reviewed"], len(reviews["not_stated"]), len(reviews["reviews"])) == ([], 8, 16)
    assert [each["result"] for each in reviews["statements"]] == [
        "not_reviewed",
        "few_changes",
        "minor_changes",
    ]


async def test_what_is_stated_of_the_directory_as_a_whole_is_listed_by_kind(register: Register) -> None:
    found = await get(register, "/v1/directory/statements", kind="finding", limit=200)
    barriers = [each["code"] for each in found["items"] if each["topic"] == "barrier"]
    assert {"no_release", "takes_too_long", "no_local_provision"} <= set(barriers)
    factors = [each["code"] for each in found["items"] if each["topic"] == "choice_factor"]
    assert factors == ["local_availability", "learning_approach", "quality", "relevance"]
    whole, after = [], None
    while True:
        page = await get(register, "/v1/directory/statements", **({"after": after} if after else {}))
        whole += page["items"]
        after = page["next"]
        if after is None:
            break
    assert whole == make.shipped_edition()["statements"]


async def test_the_table_has_a_line_for_each_award_and_no_formula(register: Register) -> None:
    answer = await register.http.get("/v1/directory-editions/2008-09/table")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(lines) == 16
    nvq = lines[-1]
    assert (nvq["course"], nvq["framework"], nvq["level"], nvq["availability"]) == (
        "ocr-nvq-4",
        "NVQ",
        "4",
        "england national",
    )
    await make.published(register, make.edition(courses=[make.course(title="=1+1")]))
    answer = await register.http.get(f"/v1/directory-editions/{make.NEXT}/table")
    assert ",'=1+1," in answer.text
    missing = await register.http.get("/v1/directory-editions/none/table")
    assert (missing.status_code, missing.json()["code"]) == (404, "no-such-edition")


async def test_what_is_missing_of_a_qualification_made_of_modules(register: Register) -> None:
    [proposed] = (await get(register, "/v1/modular-qualifications"))["items"]
    assert (proposed["status"], proposed["combination"]) == ("proposed", None)
    place = "/v1/modular-qualifications/{}/missing"
    unruled = await register.http.get(place.format("national-qualification"))
    assert (unruled.status_code, unruled.json()["code"]) == (409, "no-rule-of-combination")
    nothing = await register.http.get(place.format("none"))
    assert (nothing.status_code, nothing.json()["code"]) == (404, "no-such-modular-qualification")
    await make.published(register, other_edition())
    assert await get(register, place.format("certificate"), done=["theory"]) == {
        "complete": False,
        "core": [],
        "optional": 1,
        "credits": 10,
        "credits_not_known": [],
    }
    assert (await get(register, place.format("certificate"), done=["theory", "poems"]))["complete"]
