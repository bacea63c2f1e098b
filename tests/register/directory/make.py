"""Small editions for tests: one course, and whatever a test adds to it."""

import copy
from typing import Any

import httpx

from services.register.operations.directory.shipped import shipped
from tests.callers import registrar
from tests.register.conftest import Register

SOURCE = {"ref": "S3", "place": "a place"}
NEXT = "2009-09"
LEVEL = {"framework": "QCF", "level": "6", "level_as_printed": "6", "level_note": None}


def stated(kind: str, *courses: str, **fields: Any) -> dict[str, Any]:
    """Return a statement about courses."""
    return {"kind": kind, "courses": list(courses), "source": SOURCE, **fields}


def body(code: str = "one", region: str | None = "H", **fields: Any) -> dict[str, Any]:
    """Return an awarding body."""
    return {
        "code": code,
        "title": f"University {code}",
        "kind": "higher_education",
        "region": region,
        "source": SOURCE,
    } | fields


def course(code: str = "first", awarding_body: str = "one", **fields: Any) -> dict[str, Any]:
    """Return a course with one award at QCF 6."""
    return {
        "code": code,
        "awarding_body": awarding_body,
        "title": f"Course {code}",
        "status": "running",
        "awards": [{"title": "Diploma", "source": SOURCE, **LEVEL}],
        "source": SOURCE,
    } | fields


def edition(code: str = NEXT, revision: int = 5, **parts: Any) -> dict[str, Any]:
    """Return an edition with one course, of one university in London."""
    return {
        "code": code,
        "title": "A made-up directory",
        "revision": revision,
        "published_in": "2009-09",
        "editors": ["Somebody"],
        "source": SOURCE,
        "coverage_rule": {"centres_per_region": 1, "source": SOURCE},
        "terms": [
            {"kind": "content", "code": "poetry", "title": "Poetry", "source": SOURCE},
            {"kind": "audience", "code": "poets", "title": "Poets", "source": SOURCE},
        ],
        "awarding_bodies": [body()],
        "courses": [course()],
        "statements": [],
        "framework_versions": [
            {
                "code": "v1",
                "title": "A framework",
                "published_in": "2009",
                "voluntary": None,
                "source": SOURCE,
            }
        ],
        "modular_qualifications": [],
        "organisations": [],
    } | parts


def shipped_edition() -> dict[str, Any]:
    """Return the shipped edition, to be changed at will."""
    return copy.deepcopy(dict(shipped()[0]))


async def save(
    register: Register, document: dict[str, Any], by: str = "registrar-one", **headers: str
) -> httpx.Response:
    """Send an edition as a registrar."""
    return await register.http.put(
        f"/v1/directory-drafts/{document['code']}",
        json=document,
        headers=registrar(by) | {name.replace("_", "-"): value for name, value in headers.items()},
    )


async def publish(
    register: Register, code: str = NEXT, by: str = "registrar-two", **headers: str
) -> httpx.Response:
    """Publish a draft as another registrar."""
    return await register.http.post(
        f"/v1/directory-drafts/{code}/publication",
        headers=registrar(by) | {name.replace("_", "-"): value for name, value in headers.items()},
    )


async def published(register: Register, document: dict[str, Any]) -> None:
    """Send an edition and publish it, two registrars."""
    answer = await save(register, document)
    assert answer.status_code == 201, answer.text
    answer = await publish(register, document["code"])
    assert answer.status_code == 201, answer.text


async def get(register: Register, path: str, **params: Any) -> Any:
    """Return the JSON that anyone reads."""
    answer = await register.http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()
