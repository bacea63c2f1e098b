"""Possible matches put to a registrar: asked, looked at, answered once, and forgotten in time."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.register.domain.matching.question import (
    TRANSITIONS,
    QuestionClosed,
    QuestionEvent,
    QuestionStatus,
    moved,
)
from services.register.operations import integrity
from services.register.operations.matching import questions
from services.register.operations.sample import load_sample
from tests.callers import bearer, registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.job_command import command
from tests.register.make_licences import licensed
from tests.register.matching.make_merges import merged

CRM = bearer("people:match", subject="crm")
SIAN = {"given_names": "Siân", "family_name": "Sought"}
POSSIBLE = {"reference": "4711", **SIAN, "date_of_birth": "1980-02-29", "email": "unknown@example.org"}


async def ask(register: Register, *rows: dict[str, Any], **headers: str) -> httpx.Response:
    """Put rows to a registrar and return the answer, whatever it is."""
    return await register.http.post("/v1/match-questions", json={"rows": list(rows)}, headers=CRM | headers)


async def asked(register: Register) -> int:
    """Put one possible match to a registrar and return the question."""
    answer = await ask(register, POSSIBLE)
    assert answer.status_code == 201, answer.text
    question: int = answer.json()["items"][0]["question"]
    return question


async def answer(register: Register, question: int, number: str | None, **more: str) -> httpx.Response:
    """Answer a question and return what is said, whatever it is."""
    body = {"number": number, "reason": "The association was called."} | more
    path = f"/v1/match-questions/{question}/answers"
    return await register.http.post(path, json=body, headers=registrar())


async def read(register: Register, question: int, headers: dict[str, str] = CRM) -> dict[str, Any]:
    """Return a question as a caller reads it."""
    found = await register.http.get(f"/v1/match-questions/{question}", headers=headers)
    assert found.status_code == 200, found.text
    content: dict[str, Any] = found.json()
    return content


async def test_a_registrar_answers_a_possible_match_and_the_caller_reads_number_and_verdict(
    register: Register,
) -> None:
    number = await licensed(register, "1", **SIAN)
    nobody, sure = {"reference": "a", "email": "x@example.org"}, {"number": number, **SIAN}
    put = await ask(register, nobody, POSSIBLE, sure, **{"Idempotency-Key": "k"})
    assert put.status_code == 201, put.text
    assert [each["outcome"] for each in put.json()["items"]] == ["none", "possible", "match"]
    (question,) = [each["question"] for each in put.json()["items"] if each["question"]]
    again = await ask(register, nobody, POSSIBLE, sure, **{"Idempotency-Key": "k"})
    assert again.json() == put.json()
    before = await read(register, question)
    assert before == {
        "id": question, "reference": "4711", "touchpoint_reference": None, "status": "open",
        "asked_at": "2026-11-21T09:30:00Z", "answered_at": None, "number": None, "verdict": None,
    }  # fmt: skip
    open_ones = await register.http.get("/v1/match-questions?status=open", headers=registrar())
    assert [(each["client"], each["sent"]["email"]) for each in open_ones.json()["items"]] == [
        ("crm", "unknown@example.org")
    ]
    seen = await read(register, question, registrar())
    (candidate,) = seen["candidates"]
    assert (candidate["number"], candidate["agreed"]) == (
        number, ["given_names", "family_name", "date_of_birth"],
    )  # fmt: skip
    said = await answer(register, question, number)
    assert (said.status_code, said.json()["status"]) == (201, "identified"), said.text
    after = await read(register, question)
    assert (after["number"], after["verdict"], after["status"]) == (number, "licensed", "identified")
    assert set(after) == set(before)
    lines = [line for line in await make.journal(register) if line[0].startswith("match.")]
    assert lines == [(f"match.{name}", f"match-question:{question}") for name in ("asked", "answered")]
    assert await make.facts(register, "match.answered") == [{"outcome": "identified"}]
    assert await integrity.check(register.db, now=register.clock.now) == []


async def test_an_answer_follows_a_merge_and_is_given_once(register: Register) -> None:
    number = await make.member(register, "ICG", "1", **SIAN)
    question = await asked(register)
    stranger = await make.member(register, "ACEG", "9")
    wrong = await answer(register, question, stranger)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "answer-not-a-candidate")
    assert (await answer(register, question, "CR1")).json()["code"] == "malformed-number"
    answers = await asyncio.gather(*(answer(register, question, each) for each in [number, None] * 4))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 7
    if (await read(register, question))["status"] == "identified":
        await merged(register, stranger, number)
        assert (await read(register, question))["number"] == stranger
    second = await asked(register)
    assert (await answer(register, second, None)).json()["status"] == "not_found"
    assert (await read(register, second))["number"] is None
    late = await answer(register, second, number)
    assert (late.status_code, late.json()["code"]) == (409, "question-closed")


async def test_another_caller_finds_nothing_and_too_many_rows_are_refused(register: Register) -> None:
    await make.member(register, "ICG", "1", **SIAN)
    question = await asked(register)
    other = bearer("people:match", subject="other-crm")
    for place in (question, 999_999):
        found = await register.http.get(f"/v1/match-questions/{place}", headers=other)
        assert (found.status_code, found.json()["code"]) == (404, "no-such-match-question")
    assert (await register.http.get("/v1/match-questions", headers=other)).json()["items"] == []
    assert (await answer(register, 999_999, None)).status_code == 404
    many = await ask(register, *[POSSIBLE] * 201)
    assert (many.status_code, many.json()["code"]) == (413, "too-many-questions")
    assert (await ask(register)).status_code == 422


async def test_what_was_sent_is_erased_when_its_time_is_over(register: Register) -> None:
    number = await make.member(register, "ICG", "1", **SIAN)
    first, second = await asked(register), await asked(register)
    assert (await answer(register, first, number)).status_code == 201
    register.clock.now += timedelta(days=90)
    assert await questions.forget_old(register.db, now=register.clock.now) == 0
    register.clock.now += timedelta(seconds=1)
    assert await questions.forget_old(register.db, now=register.clock.now) == 2
    assert await questions.forget_old(register.db, now=register.clock.now) == 0
    rows = await register.db.fetch("SELECT to_jsonb(q)::text AS row FROM match_questions q")
    assert not any(word in row["row"] for row in rows for word in ("Sought", "4711", "unknown@", "called"))
    known = await read(register, first)
    assert (known["status"], known["number"], known["reference"]) == ("identified", number, None)
    assert (await read(register, second))["status"] == "expired"
    assert (await answer(register, second, number)).json()["code"] == "question-closed"
    assert (await make.events(register))[-2:] == ["match.forgotten"] * 2
    assert (await read(register, second, registrar()))["candidates"] == []
    done = await asyncio.to_thread(command, register, "forget-match-questions")
    assert (done.returncode, done.stdout) == (0, "0 questions forgotten\n")


@pytest.mark.parametrize("status", QuestionStatus)
@pytest.mark.parametrize("event", QuestionEvent)
def test_every_pair_of_state_and_event_is_allowed_or_refused(
    status: QuestionStatus, event: QuestionEvent
) -> None:
    if (status, event) in TRANSITIONS:
        assert moved(status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(QuestionClosed):
            moved(status, event)


async def test_the_sample_has_questions_in_every_state_and_a_merge_that_was_undone(
    register: Register,
) -> None:
    await load_sample(register.db, now=register.clock.now)
    lines = await make.journal(register)
    await load_sample(register.db, now=register.clock.now)
    assert await make.journal(register) == lines
    listed = await register.http.get("/v1/match-questions", headers=registrar())
    assert [each["status"] for each in listed.json()["items"]] == ["identified", "not_found", "open"]
    merges = (await register.http.get("/v1/merges", headers=registrar())).json()["items"]
    assert [each["status"] for each in merges] == ["stands", "undone"]
