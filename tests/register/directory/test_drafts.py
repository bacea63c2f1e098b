"""From a draft to an edition: begun, edited, checked, published by somebody else, and never changed again."""

import asyncio
from typing import Any

import asyncpg
import pytest

from services.register.domain.directory.publication import EditionAlreadyPublished
from services.register.operations import integrity
from services.register.operations.directory import shipped
from services.register.operations.directory.integrity import STRAYED
from services.register.operations.reference import load_reference
from services.register.storage.directory.integrity import QUESTIONS
from tests.callers import registrar
from tests.register.conftest import Register
from tests.register.directory import make
from tests.register.make import facts, journal
from tests.register.test_integrity import as_owner

SUBJECT = f"directory-edition:{make.NEXT}"
ONE = registrar("registrar-one")
HEAD = {"code": make.NEXT, "revision": 5, "published_in": "2009-09"}


def code_of(answer: Any) -> tuple[int, str]:
    """Return the status and code of a refusal."""
    return answer.status_code, answer.json().get("code", "")


async def test_the_next_edition_is_drafted_from_the_last_edited_and_published_by_another(
    register: Register,
) -> None:
    begun = await register.http.post("/v1/directory-drafts", json=HEAD, headers=ONE)
    assert (begun.status_code, begun.headers["location"]) == (201, f"/v1/directory-drafts/{make.NEXT}")
    assert [begun.json()[part] for part in ("awarding_bodies", "courses", "awards")] == [8, 13, 16]
    read = await register.http.get(begun.headers["location"], headers=ONE)
    document = read.json()["document"]
    document["courses"].append(make.course("new", "derby"))
    edited = await make.save(register, document, "registrar-two", if_match=read.headers["etag"])
    assert (edited.status_code, edited.json()["worked_on_by"]) == (200, ["registrar-one", "registrar-two"])
    for drafter in ("registrar-one", "registrar-two"):
        refused = await make.publish(register, by=drafter)
        assert code_of(refused) == (403, "drafter-may-not-publish")
    stale = await make.publish(register, by="registrar-three", if_match=read.headers["etag"])
    assert code_of(stale) == (412, "changed-since-read")
    assert (await register.http.get("/v1/courses/new")).status_code == 404
    known = {"if_match": edited.headers["etag"], "idempotency_key": "once"}
    done, again = [await make.publish(register, by="registrar-three", **known) for _ in range(2)]
    assert again.text == done.text
    assert (done.status_code, done.headers["location"]) == (201, f"/v1/directory-editions/{make.NEXT}")
    assert (await make.get(register, "/v1/courses/new"))["edition"] == make.NEXT
    drafts = await register.http.get("/v1/directory-drafts", headers=ONE)
    assert drafts.json()["items"] == []
    assert await journal(register) == [
        ("directory.drafted", SUBJECT),
        ("directory.draft-changed", SUBJECT),
        ("directory.published", SUBJECT),
    ]
    assert await facts(register, "directory.published") == [{"revision": 5, "courses": 14}]


async def test_a_document_is_tried_taken_in_once_and_replaced_only_by_who_read_it(register: Register) -> None:
    document = make.edition()
    tried = await register.http.put(
        f"/v1/directory-drafts/{make.NEXT}", params={"dry_run": True}, json=document, headers=ONE
    )
    assert (tried.status_code, tried.json()["state"]) == (200, "tried")
    assert await journal(register) == []
    assert code_of(await make.save(register, document, if_match='"x"')) == (412, "changed-since-read")
    first = await make.save(register, document)
    again = await make.save(register, document)
    assert [answer.status_code for answer in (first, again)] == [201, 200]
    changed = document | {"title": "Another title"}
    assert code_of(await make.save(register, changed)) == (412, "draft-version-not-named")
    assert code_of(await make.save(register, changed, if_match='"old"')) == (412, "changed-since-read")
    assert (await make.save(register, changed, if_match=first.headers["etag"])).status_code == 200
    assert [name for name, _ in await journal(register)] == ["directory.drafted", "directory.draft-changed"]
    listed = (await register.http.get("/v1/directory-drafts", headers=ONE)).json()["items"]
    assert [(each["code"], each["worked_on_by"]) for each in listed] == [(make.NEXT, ["registrar-one"])]
    assert (await make.publish(register)).status_code == 201
    same = await make.save(register, changed)
    assert (same.status_code, same.json()["state"]) == (200, "published")
    assert code_of(await make.save(register, document)) == (409, "edition-already-published")
    assert len(await journal(register)) == 3


# A change to a sound document, the pointer to what is wrong in it, and why.
UNSOUND: list[tuple[dict[str, Any], str, str]] = [
    ({"published_in": "2009-13"}, "/published_in", "string-pattern-mismatch"),
    ({"courses": []}, "/courses", "too-short"),
    ({"surprise": 1}, "/surprise", "extra-forbidden"),
    ({"revision": "5"}, "/revision", "int-type"),
    ({"revision": 10**30}, "/revision", "less-than-equal"),
    ({"statements": [{"kind": "gossip"}]}, "/statements/0", "union-tag-invalid"),
    ({"statements": [make.stated("delivery", model="pigeon")]}, "/statements/0/model", "enum"),
    ({"statements": [{"kind": "delivery", "model": "taught"}]}, "/statements/0/source", "missing"),
    ({"title": "A\x00B"}, "/title", "control-character"),
    ({"courses": [make.course(awarding_body="nobody")]}, "/courses/0/awarding_body",
     "unknown-awarding-body"),
    ({"statements": [make.stated("availability", region="C", how="taught")]}, "/statements/0/region",
     "unknown-region"),
]  # fmt: skip


async def test_what_is_wrong_in_a_document_is_told_with_a_pointer(register: Register) -> None:
    for change, pointer, code in UNSOUND:
        answer = await make.save(register, make.edition() | change)
        assert answer.status_code == 422
        assert (pointer, code) in [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert await journal(register) == []


async def test_a_draft_that_cannot_be_published_is_refused_by_name(register: Register) -> None:
    elsewhere = await register.http.put("/v1/directory-drafts/other", json=make.edition(), headers=ONE)
    assert code_of(elsewhere) == (422, "edition-code-differs")
    assert code_of(await make.publish(register, "nothing")) == (404, "no-such-draft")
    unread = await register.http.get("/v1/directory-drafts/nothing", headers=ONE)
    assert code_of(unread) == (404, "no-such-draft")
    await make.save(register, make.edition("next-month", published_in="2026-12"))
    assert code_of(await make.publish(register, "next-month")) == (422, "edition-not-yet-due")
    await make.save(register, make.edition("again", revision=4))
    assert code_of(await make.publish(register, "again")) == (422, "edition-older-than-the-latest")
    for name, expected in (("again", "draft-already-there"), ("2008-09", "edition-already-published")):
        begun = await register.http.post("/v1/directory-drafts", json=HEAD | {"code": name}, headers=ONE)
        assert code_of(begun) == (409, expected)


async def test_of_two_who_publish_at_once_one_does(register: Register) -> None:
    await make.save(register, make.edition())
    await make.save(register, make.edition("rival"))
    answers = await asyncio.gather(
        *(make.publish(register, by=f"registrar-{name}") for name in ("two", "three", "four")),
        make.publish(register, "rival", by="registrar-five"),
    )
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(201) == 1
    assert {code_of(answer) for answer in answers if answer.status_code != 201} <= {
        (409, "edition-already-published"),
        (422, "edition-older-than-the-latest"),
    }
    assert [name for name, _ in await journal(register)].count("directory.published") == 1


async def test_of_two_who_edit_at_once_one_does(register: Register) -> None:
    first = await make.save(register, make.edition())
    answers = await asyncio.gather(
        *(
            make.save(register, make.edition(title=f"Title {name}"), if_match=first.headers["etag"])
            for name in ("A", "B", "C")
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    assert [name for name, _ in await journal(register)].count("directory.draft-changed") == 1


async def test_a_shipped_edition_is_published_once_and_never_as_something_else(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make.published(register, make.edition())
    late = make.shipped_edition() | {"code": "late", "revision": 5}
    monkeypatch.setattr(shipped, "shipped", lambda: (late,))
    await load_reference(register.db, now=register.clock())
    assert (await register.http.get("/v1/directory-editions/late")).status_code == 404
    monkeypatch.setattr(shipped, "shipped", lambda: (make.shipped_edition() | {"title": "Another"},))
    with pytest.raises(EditionAlreadyPublished):
        await load_reference(register.db, now=register.clock())


@pytest.mark.parametrize("table", ["directory_editions", "directory_course_facts"])
async def test_not_even_the_owner_changes_what_is_published(register: Register, table: str) -> None:
    async with as_owner(register) as tx:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await tx.driver.execute(f"DELETE FROM {table}")


async def test_the_database_itself_insists_on_four_eyes(register: Register) -> None:
    async with as_owner(register) as tx:
        with pytest.raises(asyncpg.CheckViolationError, match="directory_editions_four_eyes"):
            await tx.driver.execute(
                "INSERT INTO directory_editions (code, title, revision, published_in, document,"
                " worked_on_by, published_by, published_at)"
                " SELECT 'x', title, 9, published_in, document, '{a,b}', 'b', now() FROM directory_editions"
            )


UNGUARDED = "ALTER TABLE {0} DISABLE TRIGGER USER;"
FAULTS = {
    "an edition published by one who worked on it": UNGUARDED.format("directory_editions")
    + "ALTER TABLE directory_editions DROP CONSTRAINT directory_editions_four_eyes;"
    "UPDATE directory_editions SET worked_on_by = ARRAY[published_by]",
    "an edition whose courses are not those of its document": UNGUARDED.format("directory_courses")
    + "UPDATE directory_courses SET body = body || '{\"title\": \"x\"}' WHERE code = 'derby-ma'",
    "an edition whose statements are not those of its document": UNGUARDED.format("directory_statements")
    + "DELETE FROM directory_statements WHERE position = 3",
    "an edition without its line in the journal": UNGUARDED.format("directory_editions")
    + "UPDATE directory_editions SET txid = 1",
    STRAYED: UNGUARDED.format("directory_course_facts")
    + "UPDATE directory_course_facts SET region = 'H' WHERE region = 'A'",
}


async def test_each_planted_fault_is_found_by_its_question(register: Register) -> None:
    assert set(FAULTS) == {question.name for question in QUESTIONS} | {STRAYED}
    found = {}
    for name, planted in FAULTS.items():
        async with as_owner(register) as tx:
            assert await integrity.check_within(tx, now=register.clock.now) == []
            await tx.driver.execute(planted)
            findings = await integrity.check_within(tx, now=register.clock.now)
            found[name] = [finding.name for finding in findings]
    assert found == {name: [name] for name in FAULTS}
