"""Asking for courses: what matches, what may match, nearest first; one course, its bodies, bad questions."""

from typing import Any

from services.register.operations.directory.courses import leading_to
from tests.register.conftest import Register
from tests.register.directory import make
from tests.register.directory.make import get

CAMBRIDGE = [f"cambridge-{name}" for name in ("getting-started", "leading-and-managing", "special-schools")]
CAMBRIDGE.append("cambridge-certificate")
CANTERBURY = ["canterbury-certificate", "canterbury-advanced-certificate"]
DERBY, MA, MANCHESTER = "derby-certificate", "derby-ma", "manchester-postgraduate-certificate"
NOCN, NORTHUMBRIA = "nocn-developing-iag", "northumbria-tutoring-for-transition"
NOTTINGHAM, NVQ = "nottingham-trent-diploma", "ocr-nvq-4"
ALL = [*CAMBRIDGE, *CANTERBURY, DERBY, MA, MANCHESTER, NOCN, NORTHUMBRIA, NOTTINGHAM, NVQ]
SPECIAL = "cambridge-special-schools"

# What is asked, what is found in its order, and how many more may match.
ASKED: list[tuple[dict[str, Any], list[str], int]] = [
    ({}, ALL, 0),
    ({"region": "D"}, [NVQ], 4),
    ({"region": "B"}, [NOTTINGHAM, NVQ], 4),
    ({"region": "F"}, [*CANTERBURY, NVQ], 4),
    ({"region": "E"}, [NOTTINGHAM, NVQ], 4),
    ({"delivery": "taught"}, [NOCN, NOTTINGHAM, *CAMBRIDGE, *CANTERBURY], 4),
    ({"delivery": "work_based"}, [NVQ], 10),
    ({"delivery": "e_learning"}, [], 10),
    ({"without_degree": True}, [each for each in ALL if each not in (MA, MANCHESTER)], 1),
    ({"without_degree": True, "region": "D"}, [NVQ], 3),
    ({"setting": "special_school"}, [SPECIAL, *(each for each in ALL if each != SPECIAL)], 0),
    ({"setting": "sixth_form"}, [], 13),
    ({"audience": "non_teacher", "delivery": "work_based"}, [NVQ], 10),
    ({"audience": "lead_tutor"}, [NORTHUMBRIA], 12),
    ({"content": "leading_and_managing"}, [each for each in ALL if each != NOCN], 0),
    ({"content": "classroom_management"}, [], 0),
    ({"content": "guidance_skills"}, [], 13),
    ({"framework": "NVQ", "level": "4"}, [NVQ], 12),
    ({"framework": "QCF", "level": "4"}, [], 12),
    ({"awarding_body": "derby"}, [DERBY, MA], 0),
    ({"q": "special SCHOOLS"}, [SPECIAL], 0),
    ({"q": "trent diploma"}, [NOTTINGHAM], 0),
    ({"q": "100%_\\"}, [], 0),
    ({"status": "discontinued"}, [], 0),
]


async def test_what_is_found_and_how_much_more_may_be(register: Register) -> None:
    found = {}
    for params, _, _ in ASKED:
        page = await get(register, "/v1/courses", **params)
        found[str(params)] = ([item["code"] for item in page["items"]], page["possible"])
        assert all(item["unknown"] == [] for item in page["items"])
    assert found == {str(params): (codes, possible) for params, codes, possible in ASKED}


async def test_what_may_match_is_listed_after_what_does_and_says_what_nobody_knows(
    register: Register,
) -> None:
    page = await get(register, "/v1/courses", region="D", without_degree=True, possible=True)
    assert [(item["code"], item["unknown"]) for item in page["items"]] == [
        (NVQ, []),
        (DERBY, ["region"]),
        (NORTHUMBRIA, ["region"]),
        (MANCHESTER, ["region", "without_degree"]),
    ]


async def test_pages_follow_each_other_without_a_gap_in_the_order_of_nearness(register: Register) -> None:
    found, url = [], "/v1/courses?setting=special_school&possible=true&limit=4"
    while url:
        answer = await register.http.get(url)
        found += [item["code"] for item in answer.json()["items"]]
        url = answer.links.get("next", {}).get("url", "")
    assert found == [SPECIAL, *(each for each in ALL if each != SPECIAL)]


# A question, the status and code of its refusal, and the parameter that is wrong.
REFUSED: list[tuple[str, int, str, str | None]] = [
    ("region=C", 422, "search-term-unknown", "query:/region"),
    ("setting=moon", 422, "search-term-unknown", "query:/setting"),
    ("audience=poets", 422, "search-term-unknown", "query:/audience"),
    ("content=%00", 422, "input-not-valid", "query:/content"),
    ("delivery=carrier_pigeon", 422, "input-not-valid", "query:/delivery"),
    ("level=4", 422, "level-without-framework", None),
    ("framework=NVQ", 422, "level-without-framework", None),
    ("framework=XYZ&level=4", 422, "search-term-unknown", "query:/framework"),
    ("awarding_body=oxford", 422, "search-term-unknown", "query:/awarding_body"),
    ("regoin=D", 422, "input-not-valid", "query:/regoin"),
    ("q=" + "a+" * 11, 422, "input-not-valid", "query:/q"),
    ("after=WzFd", 400, "cursor-not-readable", None),
    ("edition=1066", 404, "no-such-edition", None),
]


async def test_a_question_that_cannot_be_meant_is_refused(register: Register) -> None:
    found = []
    for query, _, _, _ in REFUSED:
        answer = await register.http.get(f"/v1/courses?{query}")
        pointers = [error["pointer"] for error in answer.json().get("errors", [])]
        found.append((query, answer.status_code, answer.json()["code"], pointers[0] if pointers else None))
    assert found == REFUSED


async def test_a_course_comes_with_its_sources_and_an_etag_and_bodies_with_their_courses(
    register: Register,
) -> None:
    answer = await register.http.get(f"/v1/courses/{NVQ}")
    course = answer.json()
    assert course["awards"][0] | {"source": None} == {
        "title": "NVQ Level 4",
        "framework": "NVQ",
        "level": "4",
        "level_as_printed": "NVQ Level 4",
        "level_note": "A level of the NVQ, which is not the QCF level of the same figure.",
        "qualification": "nvq-4-advice-and-guidance",
        "qualification_number": None,
        "source": None,
    }
    assert {each["kind"] for each in course["statements"]} >= {"delivery", "entry", "standard", "content"}
    assert all(each["source"]["ref"] == "S3" for each in course["statements"])
    tag = {"If-None-Match": answer.headers["etag"]}
    assert (await register.http.get(f"/v1/courses/{NVQ}", headers=tag)).status_code == 304
    dated = await register.http.get(f"/v1/courses/{NVQ}?valid_at=2009-01-01")
    assert (dated.status_code, dated.json()["errors"][0]["pointer"]) == (422, "query:/valid_at")
    missing = await register.http.get("/v1/courses/none")
    assert (missing.status_code, missing.json()["code"]) == (404, "no-such-course")
    bodies = await get(register, "/v1/awarding-bodies", limit=3)
    assert [each["code"] for each in bodies["items"]] == ["cambridge", "canterbury-christ-church", "derby"]
    assert bodies["items"][2]["courses"] == [DERBY, MA]
    rest = await get(register, "/v1/awarding-bodies", after=bodies["next"])
    assert len(rest["items"]) == 5


async def test_courses_that_lead_to_a_level_or_a_qualification(register: Register) -> None:
    await make.published(
        register, make.edition(courses=[make.course(), make.course("old", status="suspended")])
    )
    async with register.db.reading() as tx:
        at_level = await leading_to(tx, levels={("QCF", "6"), ("NVQ", "4")}, qualifications=set())
        none = await leading_to(tx, levels=set(), qualifications={"nvq-4-advice-and-guidance"})
    assert [(each.code, each.award, each.framework, each.level) for each in at_level] == [
        ("first", "Diploma", "QCF", "6")
    ]
    assert none == []
